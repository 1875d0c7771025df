"""Figures are collected for each channel of what finished within thirty days, hourly, 500 a run, longest due first."""

from typing import Any

import pytest


def collect(studio: Any) -> int:
    count: int = studio.value("select public.collect_metrics_stub()")
    return count


def test_finished_post_gets_a_row_a_channel(studio: Any) -> None:
    for status in ("draft", "scheduled", "publishing", "published", "failed"):
        studio.post("facebook", "tiktok", status=status)
    assert collect(studio) == 4
    assert studio.rows("select channel, count(*) as n from public.social_metrics group by 1 order by 1") == [
        {"channel": "facebook", "n": 2},
        {"channel": "tiktok", "n": 2},
    ]


def test_channel_named_twice_gets_one_row(studio: Any) -> None:
    studio.post("facebook", "facebook", status="published")
    assert collect(studio) == 1


def test_pipeline_every_minute_collects_nothing_new(studio: Any) -> None:
    studio.post("facebook", status="published")
    assert [collect(studio) for _ in range(3)] == [1, 0, 0]


@pytest.mark.parametrize(("age", "collected"), [("59 minutes", 0), ("61 minutes", 1)])
def test_figures_are_due_again_after_an_hour(studio: Any, age: str, collected: int) -> None:
    studio.post("facebook", status="published", finished="1 day")
    collect(studio)
    studio.rows("update public.social_metrics set fetched_at = now() - %(age)s::interval", age=age)
    assert collect(studio) == collected


@pytest.mark.parametrize(("age", "collected"), [("29 days 23:00", 1), ("30 days 01:00", 0)])
def test_thirty_days_after_finishing_it_ends(studio: Any, age: str, collected: int) -> None:
    studio.post("facebook", status="failed", finished=age)
    assert collect(studio) == collected


def test_pair_whose_thirty_days_passed_while_it_was_due_is_dropped(studio: Any) -> None:
    studio.post("facebook", status="failed", finished="1 day")
    studio.rows(
        "update public.social_metric_targets set next_due_at = now() - interval '2 days',"
        " wanted_until = now() - interval '1 day'"
    )
    studio.rows("alter table public.social_posts disable trigger social_posts_follow_changed")
    studio.rows("update public.social_posts set finished_at = now() - interval '31 days'")
    assert collect(studio) == 0
    assert studio.value("select count(*) from public.social_metric_targets") == 0


def test_newest_row_counts_whoever_wrote_it(studio: Any) -> None:
    post = studio.post("facebook", status="published", finished="1 day")
    insert = (
        "insert into public.social_metrics (post_id, channel, fetched_at)"
        " values (%(post)s, 'facebook', now() - %(age)s::interval)"
    )
    studio.rows(insert, post=post, age="10 minutes")
    studio.rows(insert, post=post, age="5 hours")
    assert collect(studio) == 0


@pytest.mark.parametrize("removal", ["delete from public.social_metrics", "truncate public.social_metrics"])
def test_figures_that_are_gone_are_due_again(studio: Any, removal: str) -> None:
    studio.post("facebook", status="published", finished="1 day")
    collect(studio)
    studio.rows(removal)
    assert collect(studio) == 1


def test_post_that_is_taken_back_or_changes_channel_is_followed(studio: Any) -> None:
    studio.post("facebook", status="published")
    studio.rows("update public.social_posts set target_channels = array['tiktok', 'youtube']")
    assert collect(studio) == 2
    studio.rows("update public.social_posts set status = 'draft'")
    assert studio.value("select count(*) from public.social_metric_targets") == 0


def test_five_hundred_a_run_longest_due_first(studio: Any) -> None:
    studio.rows(
        "insert into public.social_posts (target_channels, status, finished_at)"
        " select array['facebook', 'tiktok'], 'published', now() - n * interval '1 hour' from generate_series(1, 300) n"
    )
    assert collect(studio) == 500
    assert studio.value(
        "select max(p.finished_at) < now() - interval '50 hours'"
        " from public.social_metrics m join public.social_posts p on p.id = m.post_id"
    )
    assert (collect(studio), collect(studio)) == (100, 0)


def test_pairs_that_are_over_make_room_for_those_that_are_not(studio: Any) -> None:
    studio.rows(
        "insert into public.social_posts (target_channels, status, finished_at)"
        " select array['facebook'], 'published', now() - interval '20 days' from generate_series(1, 600)"
    )
    studio.post("facebook", status="published")
    studio.rows("alter table public.social_posts disable trigger social_posts_follow_changed")
    studio.rows(
        "update public.social_posts set finished_at = now() - interval '40 days'"
        " where finished_at < now() - interval '1 day'"
    )
    studio.rows("update public.social_metric_targets t set wanted_until = p.finished_at + interval '30 days'"
                " from public.social_posts p where p.id = t.post_id")  # fmt: skip
    assert collect(studio) == 1
    assert studio.value("select count(*) from public.social_metric_targets") == 1


def test_post_that_is_deleted_takes_all_of_it_along(studio: Any) -> None:
    studio.schedule(studio.post("facebook"))
    studio.run()
    studio.rows("delete from public.social_posts")
    for table in ("social_schedules", "publish_logs", "social_metrics", "social_metric_targets"):
        assert studio.count(table) == 0
