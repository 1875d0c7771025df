"""Posts are scheduled, published once, and end as failed while no provider is connected."""

from typing import Any

import pytest
from psycopg.errors import (
    CheckViolation,
    InvalidParameterValue,
    NoDataFound,
    ObjectNotInPrerequisiteState,
)


def publish(studio: Any, post: object) -> Any:
    return studio.value("select public.publish_post_stub(%(post)s)", post=post)


def test_draft_is_kept_as_given(studio: Any) -> None:
    studio.value("select public.create_social_post('agent', 'objectif', 'Bonjour', array['facebook'], array['a.jpg'])")
    assert studio.rows(
        "select author_agent, objective, content_text, media_paths, target_channels, status, finished_at"
        " from public.social_posts"
    ) == [
        {"author_agent": "agent", "objective": "objectif", "content_text": "Bonjour", "media_paths": ["a.jpg"],
         "target_channels": ["facebook"], "status": "draft", "finished_at": None}
    ]  # fmt: skip


def test_null_media_are_none(studio: Any) -> None:
    studio.value("select public.create_social_post('a', 'b', 'c', array['facebook'], null)")
    assert studio.value("select media_paths from public.social_posts") == []


@pytest.mark.parametrize("channels", ["{}", None])
def test_post_for_no_channel_is_refused(studio: Any, channels: str | None) -> None:
    with pytest.raises(InvalidParameterValue, match="p_target_channels must name at least one channel"):
        studio.value("select public.create_social_post('a', 'b', 'c', %(channels)s)", channels=channels)


def test_post_for_an_unknown_channel_is_refused(studio: Any) -> None:
    with pytest.raises(CheckViolation):
        studio.value("select public.create_social_post('a', 'b', 'c', array['fax'])")


def test_scheduling_moves_a_draft_to_scheduled(studio: Any) -> None:
    post = studio.post("facebook")
    studio.value("select public.schedule_social_post(%(post)s, '2030-01-01', 'Europe/Paris')", post=post)
    assert studio.value("select status from public.social_posts") == "scheduled"
    assert studio.rows("select timezone, status from public.social_schedules") == [
        {"timezone": "Europe/Paris", "status": "scheduled"}
    ]


def test_null_time_zone_is_utc(studio: Any) -> None:
    studio.value("select public.schedule_social_post(%(post)s, now(), null)", post=studio.post("facebook"))
    assert studio.value("select timezone from public.social_schedules") == "UTC"


def test_unknown_time_zone_and_missing_time_are_refused(studio: Any) -> None:
    post = studio.post("facebook")
    with pytest.raises(InvalidParameterValue, match="Atlantis"):
        studio.value("select public.schedule_social_post(%(post)s, now(), 'Europe/Atlantis')", post=post)
    with pytest.raises(InvalidParameterValue, match="p_scheduled_at must say when"):
        studio.value("select public.schedule_social_post(%(post)s, null, 'UTC')", post=post)


def test_finished_or_missing_post_cannot_be_scheduled(studio: Any) -> None:
    post = studio.post("facebook", status="published")
    with pytest.raises(ObjectNotInPrerequisiteState, match="is already published"):
        studio.value("select public.schedule_social_post(%(post)s, now())", post=post)
    with pytest.raises(NoDataFound):
        studio.value("select public.schedule_social_post(gen_random_uuid(), now())")


def test_each_channel_gets_an_error_that_says_why(studio: Any) -> None:
    post = studio.post("facebook", "youtube", "facebook")
    assert publish(studio, post) == {"post_id": str(post), "status": "failed", "errors": 2}
    assert studio.rows("select channel, attempt_no, status, error_message from public.publish_logs order by 1") == [
        {"channel": channel, "attempt_no": 1, "status": "error",
         "error_message": f"no provider is connected for {channel} yet"}
        for channel in ("facebook", "youtube")
    ]  # fmt: skip


def test_published_post_and_its_schedule_end_as_failed(studio: Any) -> None:
    post = studio.post("facebook")
    studio.schedule(post, due="-1 day")
    publish(studio, post)
    assert studio.rows(
        "select p.status as post, s.status as schedule, p.finished_at is not null as finished"
        " from public.social_posts p join public.social_schedules s on s.post_id = p.id"
    ) == [{"post": "failed", "schedule": "failed", "finished": True}]


def test_post_is_never_published_twice(studio: Any) -> None:
    post = studio.post("facebook")
    publish(studio, post)
    assert publish(studio, post) == {"post_id": str(post), "status": "failed", "errors": 0}
    assert studio.value("select count(*) from public.publish_logs") == 1


def test_publishing_no_post_is_refused(studio: Any) -> None:
    with pytest.raises(NoDataFound):
        publish(studio, None)


def test_due_schedules_are_run_and_counted_and_others_wait(studio: Any) -> None:
    for due in ("1 minute", "1 day", "-1 minute"):
        studio.schedule(studio.post("facebook"), due)
    assert studio.value("select public.run_schedules_once()") == 2
    assert studio.value("select public.run_schedules_once()") == 0
    assert studio.value("select count(*) from public.social_schedules where status = 'scheduled'") == 1


def test_canceled_schedule_is_not_run(studio: Any) -> None:
    studio.schedule(studio.post("facebook"))
    studio.rows("update public.social_schedules set status = 'canceled'")
    assert studio.value("select public.run_schedules_once()") == 0


def test_two_schedules_of_one_post_publish_it_once(studio: Any) -> None:
    post = studio.post("facebook")
    studio.schedule(post, "2 minutes")
    studio.schedule(post, "1 minute")
    assert studio.value("select public.run_schedules_once()") == 1
    assert studio.rows("select status from public.social_schedules") == [{"status": "failed"}] * 2


def test_schedule_of_a_finished_post_is_settled_without_counting(studio: Any) -> None:
    studio.schedule(studio.post("facebook", status="published"))
    assert studio.value("select public.run_schedules_once()") == 0
    assert studio.value("select status from public.social_schedules") == "published"
    assert studio.value("select count(*) from public.publish_logs") == 0


@pytest.mark.parametrize("status", ["published", "failed"])
def test_finishing_is_dated_by_whoever_writes_the_status(studio: Any, status: str) -> None:
    studio.post("facebook")
    studio.rows("update public.social_posts set status = %(status)s", status=status)
    assert studio.value("select finished_at <= now() from public.social_posts") is True
    studio.rows("update public.social_posts set status = 'draft'")
    assert studio.value("select finished_at from public.social_posts") is None


def test_stated_date_of_finishing_is_kept(studio: Any) -> None:
    studio.post("facebook", status="failed", finished="3 days")
    studio.rows("update public.social_posts set status = 'published', finished_at = finished_at - interval '1 day'")
    assert studio.value("select now() - finished_at > interval '4 days' from public.social_posts") is True
