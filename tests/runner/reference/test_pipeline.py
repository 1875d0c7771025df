"""run_pipeline_once: its four counters, its window, its limit, and a second run."""

from typing import Any

import pytest
from psycopg.errors import InvalidParameterValue

NOTHING = {"routed": 0, "auto_replied": 0, "schedules_run": 0, "metrics_collected": 0}


def test_empty_database_gives_four_zeros(studio: Any) -> None:
    assert studio.run() == NOTHING


def test_one_run_takes_each_kind_of_work_to_its_end(studio: Any) -> None:
    studio.event("e1", "ana")
    studio.event("e2", "bob")
    studio.message()
    studio.schedule(studio.post("facebook", "tiktok"))
    assert studio.run() == {"routed": 2, "auto_replied": 3, "schedules_run": 1, "metrics_collected": 2}


def test_second_run_finds_nothing_left(studio: Any) -> None:
    studio.event("e1")
    studio.schedule(studio.post("facebook"))
    studio.run()
    before = studio.value("select count(*) from public.messages")
    assert studio.run() == NOTHING
    assert studio.value("select count(*) from public.messages") == before


@pytest.mark.parametrize(("since", "answered"), [("30 minutes", 2), ("4 hours", 3), ("1 day", 4)])
def test_window_says_how_far_back_messages_are_answered(studio: Any, since: str, answered: int) -> None:
    for age in ("10 minutes", "20 minutes", "2 hours", "5 hours"):
        studio.message(age=age)
    assert studio.run(since)["auto_replied"] == answered


def test_wider_window_answers_only_what_the_narrow_one_left(studio: Any) -> None:
    for age in ("10 minutes", "20 minutes", "2 hours", "5 hours"):
        studio.event(age, author=age, age=age)
    assert studio.run("30 minutes", 50) == {**NOTHING, "routed": 4, "auto_replied": 2}
    assert studio.run("4 hours", 100) == {**NOTHING, "auto_replied": 1}


def test_window_without_an_end_answers_everything(studio: Any) -> None:
    studio.message(age="50 years")
    assert studio.run("1000000 years")["auto_replied"] == 1


def test_limit_bounds_events_and_answers_alike(studio: Any) -> None:
    for number in range(7):
        studio.event(f"e{number}", f"author {number}")
    assert studio.run(limit=3) == {**NOTHING, "routed": 3, "auto_replied": 3}
    assert studio.run(limit=3) == {**NOTHING, "routed": 3, "auto_replied": 3}
    assert studio.run(limit=3) == {**NOTHING, "routed": 1, "auto_replied": 1}


def test_limit_of_zero_routes_and_answers_nothing(studio: Any) -> None:
    studio.event("e1")
    studio.message()
    assert studio.run(limit=0) == NOTHING


def test_null_window_and_limit_mean_the_defaults(studio: Any) -> None:
    studio.rows(
        "select public.ingest_webhook_event('tiktok', 'message', 'e' || n, 'a' || n) from generate_series(1, 101) n"
    )
    studio.message(age="59 minutes")
    studio.message(age="61 minutes")
    assert studio.run(None, None) == {**NOTHING, "routed": 100, "auto_replied": 100}
    assert studio.run(None, None) == {**NOTHING, "routed": 1, "auto_replied": 2}


@pytest.mark.parametrize(
    ("since", "limit", "message"),
    [
        ("1 hour", -1, "p_limit must not be negative, found -1"),
        ("-1 second", 10, "p_since must not be negative, found -00:00:01"),
    ],
)
def test_negative_window_or_limit_is_refused_and_nothing_done(
    studio: Any, since: str, limit: int, message: str
) -> None:
    studio.event("e1")
    with pytest.raises(InvalidParameterValue) as refused:
        studio.run(since, limit)
    assert refused.value.diag.message_primary == message
    assert studio.value("select count(*) from public.messages") == 0


def test_arguments_as_the_studio_sends_them(studio: Any) -> None:
    studio.message()
    sent = '{"p_limit": 100, "p_since": null}'
    result = studio.value(
        "select public.run_pipeline_once(p_limit => a.p_limit, p_since => a.p_since)"
        " from json_to_record(%(sent)s) as a (p_limit integer, p_since interval)",
        sent=sent,
    )
    assert result == {**NOTHING, "auto_replied": 1}
