"""Two runs at one moment share the work and never do an item twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

Open = Callable[[], Any]


def both(first: Any, second: Any, limit: int = 100) -> dict[str, int]:
    """The sums of two runs that start together."""
    start = Barrier(2)

    def run(studio: Any) -> dict[str, int]:
        start.wait(5)
        result: dict[str, int] = studio.run(limit=limit)
        return result

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, (first, second)))
    return {key: sum(result[key] for result in results) for key in results[0]}


@pytest.mark.parametrize("authors", [1, 7, 40])
def test_events_are_routed_and_answered_once(open_studio: Open, authors: int) -> None:
    studio = open_studio()
    for number in range(40):
        studio.event(f"e{number}", f"author {number % authors}")
    done = both(open_studio(), open_studio(), limit=20)
    done["auto_replied"] += studio.run()["auto_replied"]  # what one routed, the other could not see yet
    assert done == {"routed": 40, "auto_replied": 40, "schedules_run": 0, "metrics_collected": 0}
    assert studio.value("select count(*) from public.messages where direction = 'outbound'") == 40
    assert studio.value("select count(*) from public.contacts") == authors
    assert studio.value("select count(*) from public.conversations") == authors


def test_messages_are_answered_once(open_studio: Open) -> None:
    studio = open_studio()
    for _ in range(40):
        studio.message()
    assert both(open_studio(), open_studio(), limit=25)["auto_replied"] == 40
    assert studio.value("select count(*) from public.messages where direction = 'outbound'") == 40


def test_posts_are_published_and_counted_once(open_studio: Open) -> None:
    studio = open_studio()
    for _ in range(15):
        studio.schedule(studio.post("facebook", "youtube"))
    done = both(open_studio(), open_studio())
    assert (done["schedules_run"], done["metrics_collected"]) == (15, 30)
    assert studio.value("select count(*) from public.publish_logs") == 30


def test_open_run_leaves_the_rest_to_the_other(open_studio: Open) -> None:
    first, second = open_studio(), open_studio()
    for number in range(4):
        first.event(f"e{number}", f"author {number}")
        first.message()
    with first.connection.transaction():
        assert first.run(limit=2)["routed"] == 2
        assert second.run(limit=4) == {"routed": 2, "auto_replied": 4, "schedules_run": 0, "metrics_collected": 0}
    assert first.run()["routed"] == 0


def test_open_run_leaves_other_schedules_and_figures_to_the_other(open_studio: Open) -> None:
    first, second = open_studio(), open_studio()
    first.schedule(first.post("facebook"))
    first.post("youtube", status="published")
    with first.connection.transaction():
        first.run()
        second.schedule(second.post("facebook"))
        second.post("youtube", status="published")
        assert second.run() == {"routed": 0, "auto_replied": 0, "schedules_run": 1, "metrics_collected": 2}


def test_two_schedules_of_one_post_in_two_runs_publish_it_once(open_studio: Open) -> None:
    first, second = open_studio(), open_studio()
    post = first.post("facebook")
    first.schedule(post, "2 minutes")
    with first.connection.transaction():
        assert first.run()["schedules_run"] == 1
        second.schedule(post, "1 minute")
        assert second.run()["schedules_run"] == 0
    assert second.run()["schedules_run"] == 0
    assert second.rows("select status from public.social_schedules") == [{"status": "failed"}] * 2
    assert second.value("select count(*) from public.publish_logs") == 1


def test_post_locked_by_somebody_is_left_for_the_next_run(open_studio: Open) -> None:
    first, second = open_studio(), open_studio()
    post = first.post("facebook")
    first.schedule(post)
    with first.connection.transaction():
        first.rows("select from public.social_posts where id = %(id)s for update", id=post)
        assert second.run()["schedules_run"] == 0
    assert second.value("select attempts from public.social_schedules") == 0
    assert second.run()["schedules_run"] == 1


def test_new_author_in_another_run_is_waited_for_briefly_and_left(open_studio: Open) -> None:
    first, second = open_studio(), open_studio()
    first.event("e1")
    first.event("e2")
    with first.connection.transaction():
        assert first.run(limit=1)["routed"] == 1
        assert second.run()["routed"] == 0
    assert second.value("select sum(attempts) from public.webhook_events") == 0
    assert second.run()["routed"] == 1
    assert second.value("select count(*) from public.contacts") == 1


def test_conversation_locked_by_somebody_stops_no_run(open_studio: Open) -> None:
    first, second = open_studio(), open_studio()
    first.message()
    with first.connection.transaction():
        first.rows("update public.conversations set subject = 'Prix'")
        assert second.run()["auto_replied"] == 1
