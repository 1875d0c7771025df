"""Suggested texts, posts made and scheduled at once, seeded messages."""

from typing import Any

import pytest
from psycopg.errors import InvalidParameterValue

SUGGEST = "select public.suggest_content_stub(%(objective)s, %(tone)s, %(length)s)"


def test_each_tone_says_it_differently(studio: Any) -> None:
    tones = ("neutre", "enthousiaste", "professionnel", "convivial")
    texts = {studio.value(SUGGEST, objective="Portes ouvertes", tone=tone, length=120) for tone in tones}
    assert len(texts) == 4
    assert all(text.startswith("Portes ouvertes") for text in texts)


def test_null_tone_and_length_mean_the_defaults(studio: Any) -> None:
    assert studio.value(SUGGEST, objective="Portes ouvertes", tone=None, length=None) == studio.value(
        "select public.suggest_content_stub('Portes ouvertes')"
    )


@pytest.mark.parametrize("length", [1, 2, 20, 120])
def test_text_is_never_longer_than_asked(studio: Any, length: int) -> None:
    text = studio.value(SUGGEST, objective="Portes ouvertes " * 20, tone="neutre", length=length)
    assert 1 <= len(text) <= length


@pytest.mark.parametrize(
    ("objective", "tone", "length"),
    [("x", "ironique", 120), ("x", "neutre", 0), ("x", "neutre", -1), ("", "neutre", 120), (None, "neutre", 120)],
)
def test_bad_arguments_are_refused(studio: Any, objective: str | None, tone: str, length: int) -> None:
    with pytest.raises(InvalidParameterValue):
        studio.value(SUGGEST, objective=objective, tone=tone, length=length)


def test_post_is_made_and_due_at_once_by_default(studio: Any) -> None:
    made = studio.value("select public.create_and_schedule_post_stub('agent', 'Portes ouvertes', array['facebook'])")
    assert set(made) == {"post_id", "schedule_id", "content"}
    assert studio.rows("select id::text as post_id, content_text as content, status from public.social_posts") == [
        {"post_id": made["post_id"], "content": made["content"], "status": "scheduled"}
    ]
    assert studio.run()["schedules_run"] == 1


def test_null_time_is_now_and_later_is_later(studio: Any) -> None:
    call = "select public.create_and_schedule_post_stub('agent', 'Portes ouvertes', array['facebook'], %(at)s)"
    studio.value(call, at=None)
    studio.value(call, at="2100-01-01")
    assert studio.run()["schedules_run"] == 1


def test_refused_schedule_leaves_no_post(studio: Any) -> None:
    with pytest.raises(InvalidParameterValue):
        studio.value(
            "select public.create_and_schedule_post_stub('a', 'b', array['facebook'], p_timezone => 'Atlantis')"
        )
    assert studio.value("select count(*) from public.social_posts") == 0


def test_seeded_messages_wait_for_an_answer(studio: Any) -> None:
    assert studio.value("select public.seed_random_messages(array['whatsapp', 'tiktok'], 30)") == 30
    assert studio.value("select array_agg(distinct channel order by channel) from public.messages") == [
        "tiktok",
        "whatsapp",
    ]
    assert studio.run()["auto_replied"] == 30


def test_null_channels_are_all_and_zero_is_none(studio: Any) -> None:
    assert studio.value("select public.seed_random_messages(null, 5)") == 5
    assert studio.value("select public.seed_random_messages(array['tiktok'], 0)") == 0


@pytest.mark.parametrize(("channels", "number"), [("{}", 1), ("{tiktok}", -1), ("{tiktok}", None)])
def test_seeding_on_no_channel_or_a_negative_count_is_refused(studio: Any, channels: str, number: int | None) -> None:
    with pytest.raises(InvalidParameterValue):
        studio.value("select public.seed_random_messages(%(channels)s, %(number)s)", channels=channels, number=number)
