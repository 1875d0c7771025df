"""The name that was probably meant."""

import pytest

from nexiom_runner.errors import Fault, Place, describe
from nexiom_runner.project.names import nearest, shown, unknown
from nexiom_runner.tree import Scalar

PHASES = ["04_ingestion", "09_event_routing", "12_pipeline_runner"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("12_pipline_runner", "12_pipeline_runner"),
        ("pipeline_runner", "12_pipeline_runner"),
        ("09_event", "09_event_routing"),
        ("09_EVENT_ROUTING", "09_event_routing"),
        ("xyz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_a_few_slips_away_or_a_part(word, meant):
    assert nearest(word, PHASES) == meant


def test_no_name_is_nearest_among_none():
    assert nearest("a", []) is None


def test_few_names_are_all_told_where_none_is_near():
    fault = unknown("target", Scalar("xyz", Place("a.yml", 1)), ["local", "staging"], "in --target")
    assert describe(fault) == 'error: unknown target "xyz" in --target\n  a.yml:1:1\nhint: Known: local, staging.'


def test_many_names_are_not():
    fault = unknown("phase", Scalar("xyz", Place("a.yml", 1)), [f"{n:04}_phase" for n in range(99)], 'in "needs"')
    assert fault == Fault('unknown phase "xyz" in "needs"', Place("a.yml", 1), width=3)


def test_shown_text_is_one_short_printable_line():
    assert shown("a\nb\x1b[31m\ud800") == "a\\nb\\x1b[31m\\ud800"
    assert shown("x" * 100) == "x" * 59 + "…"
