"""Durations, and the keys of a target or a phase that say how long a script may wait and run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.project.durations import parse_duration
from nexiom_runner.project.model import Limits

WRITTEN = [("500ms", 500), ("5s", 5_000), ("2m", 120_000), ("1h", 3_600_000), ("0", 0), ("0s", 0)]


@pytest.mark.parametrize(("text", "milliseconds"), WRITTEN)
def test_durations_are_read_in_milliseconds(text, milliseconds):
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize("text", ["5", "5 s", "-1s", "1.5s", "5sec", "", "s", "1000h", "٣s", "1s\n"])
def test_other_texts_are_no_durations(text):
    assert parse_duration(text) is None


@given(st.integers(0, 2**31 - 1))
def test_every_number_of_milliseconds_that_a_setting_holds_can_be_written(number):
    assert parse_duration(f"{number}ms") == (number if number < 10**9 else None)


def test_limits_of_a_target_and_of_a_phase(load):
    settings = "name: x\ntargets:\n  a: {dsn: host=h, lock_timeout: 3s, statement_timeout: 0, retries: 7}\n"
    phase = "title: One\nlock_timeout: 500ms\ndestructive: The table was moved\n"
    project = load({"nexiom.yml": settings, "phases/1_one/apply.sql": "select 1", "phases/1_one/phase.yml": phase})
    assert project.targets["a"].limits == Limits(3_000, 0, 7)
    assert project.phases[0].limits == Limits(500)
    assert project.phases[0].destructive.value == "The table was moved"


def test_limits_that_are_not_stated(load):
    project = load({"phases/1_one/apply.sql": "select 1"})
    assert (project.phases[0].limits, project.targets["local"].limits) == (Limits(), Limits())
    assert project.phases[0].destructive is None


CASES = [
    (
        "lock_timeout: 5",
        'key "lock_timeout" expects a duration such as 500ms, 5s, 2m, 1h or 0, found "5"',
        "Write 5s for seconds, 5ms for milliseconds.",
    ),
    (
        "statement_timeout: soon",
        'key "statement_timeout" expects a duration such as 500ms, 5s, 2m, 1h or 0, found "soon"',
        None,
    ),
    ("retries: 101", 'key "retries" expects a number from 0 to 100, found "101"', None),
    ("retries: []", 'key "retries" expects a text, found a list', None),
]


@pytest.mark.parametrize(("line", "message", "hint"), CASES)
def test_limits_that_are_none_are_refused_at_their_place(refused, line, message, hint):
    value = line.partition(": ")[2]
    column, marks = line.index(": ") + 3, "^" * (len(value) if value != "[]" else 1)
    (told,) = refused({"phases/1_one/apply.sql": "select 1", "phases/1_one/phase.yml": f"{line}\n"})
    place = f"  phases/1_one/phase.yml:1:{column}\n    1 | {line}\n      | {' ' * (column - 1)}{marks}"
    assert told == f"error: {message}\n{place}" + (f"\nhint: {hint}" if hint else "")


def test_embedded_target_has_no_direct_dsn(refused):
    settings = "name: x\ntargets:\n  a: {embedded: true, direct_dsn: host=h}\n"
    (told,) = refused({"nexiom.yml": settings})
    assert told == (
        'error: target "a" is embedded, and has a "direct_dsn"\n'
        "  nexiom.yml:3:3\n"
        "    3 |   a: {embedded: true, direct_dsn: host=h}\n"
        "      |   ^\n"
        "hint: Take it out: no pooler stands before an embedded server."
    )
