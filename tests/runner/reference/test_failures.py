"""One bad item does not stop a batch: it is recorded, skipped, and after five attempts left alone."""

from typing import Any

import pytest
from psycopg import OperationalError


def test_bad_event_is_recorded_and_the_rest_is_routed(studio: Any) -> None:
    studio.event("bad", author=None)
    studio.event("good")
    assert studio.value("select public.route_unrouted_events()") == 1
    assert studio.rows("select attempts, last_error, routed_at from public.webhook_events where event_id = 'bad'") == [
        {"attempts": 1, "last_error": "an event without an author has no conversation", "routed_at": None}
    ]


def test_bad_event_is_left_alone_after_five_attempts(studio: Any) -> None:
    studio.event("bad", author=None)
    for _ in range(7):
        assert studio.value("select public.route_unrouted_events()") == 0
    assert studio.value("select attempts from public.webhook_events") == 5


def test_bad_events_do_not_fill_every_batch(studio: Any) -> None:
    for number in range(4):
        studio.event(f"bad {number}", author=None)
    studio.event("good")
    routed = [studio.value("select public.route_unrouted_events(null, 2)") for _ in range(3)]
    assert routed == [0, 0, 1]


def test_event_that_works_again_loses_its_error(studio: Any) -> None:
    studio.event("mended", author=None)
    studio.run()
    studio.rows("update public.webhook_events set author_id = 'ana'")
    assert studio.run()["routed"] == 1
    assert studio.rows("select attempts, last_error from public.webhook_events") == [
        {"attempts": 1, "last_error": None}
    ]


def test_bad_event_leaves_no_half_made_contact(studio: Any) -> None:
    studio.refuse("messages", "new.content_text = 'Boom'")
    studio.event("bad", content="Boom")
    studio.run()
    assert studio.value("select count(*) from public.contacts") == 0


def test_bad_message_is_recorded_and_the_rest_is_answered(studio: Any) -> None:
    studio.refuse("messages", "new.content_text like '%Boom%'")
    bad = studio.message("Boom", age="10 minutes")
    studio.message("Ana")
    assert studio.value("select public.auto_reply_recent_inbound()") == 1
    assert studio.rows("select attempts, last_error, answered_at from public.messages where id = %(id)s", id=bad) == [
        {"attempts": 1, "last_error": "refused by the test", "answered_at": None}
    ]


def test_bad_message_is_left_alone_after_five_attempts(studio: Any) -> None:
    studio.refuse("messages", "new.content_text like '%Boom%'")
    studio.message("Boom")
    for _ in range(7):
        assert studio.run()["auto_replied"] == 0
    assert studio.value("select attempts from public.messages") == 5


def test_bad_messages_do_not_fill_every_batch(studio: Any) -> None:
    studio.refuse("messages", "new.content_text like '%Boom%'")
    for _ in range(4):
        studio.message("Boom", age="10 minutes")
    studio.message("Ana")
    answered = [studio.value("select public.auto_reply_recent_inbound('1 hour', 2)") for _ in range(3)]
    assert answered == [0, 0, 1]


def test_bad_post_is_recorded_and_the_rest_is_published(studio: Any) -> None:
    studio.refuse("publish_logs", "new.channel = 'tiktok'")
    bad = studio.schedule(studio.post("facebook", "tiktok"))
    studio.schedule(studio.post("facebook"))
    assert studio.value("select public.run_schedules_once()") == 1
    assert studio.rows(
        "select status, attempts, last_error from public.social_schedules where id = %(id)s", id=bad
    ) == [{"status": "scheduled", "attempts": 1, "last_error": "refused by the test"}]
    assert studio.value("select count(*) from public.publish_logs") == 1


def test_schedule_has_failed_after_five_attempts(studio: Any) -> None:
    studio.refuse("publish_logs", "new.channel = 'tiktok'")
    studio.schedule(studio.post("tiktok"))
    for _ in range(7):
        assert studio.value("select public.run_schedules_once()") == 0
    assert studio.rows("select status, attempts from public.social_schedules") == [{"status": "failed", "attempts": 5}]


def test_bad_figures_are_recorded_and_the_rest_is_collected(studio: Any) -> None:
    studio.refuse("social_metrics", "new.channel = 'tiktok'")
    studio.post("facebook", "tiktok", "youtube", status="published")
    assert studio.value("select public.collect_metrics_stub()") == 2
    assert studio.rows("select channel, attempts, last_error from public.social_metric_targets where attempts > 0") == [
        {"channel": "tiktok", "attempts": 1, "last_error": "refused by the test"}
    ]


def test_bad_figures_wait_an_hour_and_are_left_alone_after_five_attempts(studio: Any) -> None:
    studio.refuse("social_metrics", "new.channel = 'tiktok'")
    studio.post("tiktok", status="published")
    studio.value("select public.collect_metrics_stub()")
    studio.value("select public.collect_metrics_stub()")
    assert studio.value("select attempts from public.social_metric_targets") == 1
    for _ in range(7):
        studio.rows("update public.social_metric_targets set next_due_at = now()")
        assert studio.value("select public.collect_metrics_stub()") == 0
    assert studio.value("select attempts from public.social_metric_targets") == 5


@pytest.mark.parametrize("code", ["40001", "53100", "57014", "58030"])
def test_trouble_of_the_server_is_no_item_s_fault(studio: Any, code: str) -> None:
    studio.refuse("messages", "true", code)
    studio.event("e1")
    with pytest.raises(OperationalError, match="refused by the test"):
        studio.run()
    assert studio.value("select attempts from public.webhook_events") == 0


def test_item_that_another_session_holds_is_no_attempt(studio: Any) -> None:
    studio.refuse("messages", "true", "55P03")
    studio.event("e1")
    assert studio.run()["routed"] == 0
    assert studio.value("select attempts from public.webhook_events") == 0
