"""A phase's backfill.sql, and the key of phase.yml that says how it goes."""

import pytest

from nexiom_runner.project.backfill import LARGEST_BATCH
from nexiom_runner.project.model import Backfill
from nexiom_runner.sql import backfill as sql

SQL, YML = "phases/1_one/backfill.sql", "phases/1_one/phase.yml"
TEXT = "select fill({{ batch }});\n"


def test_phase_may_be_a_backfill_alone(load):
    (phase,) = load({SQL: TEXT}).phases
    assert (phase.apply, phase.backfill.path, phase.backfill.text, phase.pace) == (None, SQL, TEXT, Backfill())


def test_phase_says_how_its_backfill_goes(load):
    stated = "backfill: {batch: 500, pause: 0, max_lag: 2s, max_wait: 1m, max_rows: 7000}\n"
    (phase,) = load({SQL: TEXT, YML: stated}).phases
    pace = phase.pace
    assert (pace.batch, pace.pause, pace.max_lag, pace.max_wait, pace.max_rows) == (500, 0, 2_000, 60_000, 7_000)


def test_what_is_not_stated_of_a_backfill(load):
    (phase,) = load({SQL: TEXT, YML: "backfill: {batch: 5}\n"}).phases
    pace = phase.pace
    assert (pace.batch, pace.pause, pace.max_lag, pace.max_wait, pace.max_rows) == (5, 100, 10_000, 300_000, None)


def test_largest_batch_is_the_one_that_a_statement_has_room_for():
    assert LARGEST_BATCH == sql.LARGEST_BATCH


CASES = [
    ("batch: 0", 'key "backfill.batch" expects a number from 1 to 1000000, found "0"', None),
    ("batch: many", 'key "backfill.batch" expects a number from 1 to 1000000, found "many"', None),
    (
        "pause: 5",
        'key "backfill.pause" expects a duration such as 500ms, 5s, 2m, 1h or 0, found "5"',
        "Write 5s for seconds, 5ms for milliseconds.",
    ),
    ("max_rows: -1", 'key "backfill.max_rows" expects a number from 1 to 9007199254740991, found "-1"', None),
]


@pytest.mark.parametrize(("entry", "message", "hint"), CASES)
def test_key_that_says_nothing_is_refused_at_its_place(refused, entry, message, hint):
    line = f"backfill: {{{entry}}}"
    column, marks = line.index(": ", 10) + 3, "^" * (len(entry) - entry.index(": ") - 2)
    (told,) = refused({SQL: TEXT, YML: f"{line}\n"})
    place = f"  {YML}:1:{column}\n    1 | {line}\n      | {' ' * (column - 1)}{marks}"
    assert told == f"error: {message}\n{place}" + (f"\nhint: {hint}" if hint else "")


def test_key_without_a_backfill_is_refused(refused):
    (told,) = refused({"phases/1_one/apply.sql": "select 1;", YML: "backfill: {batch: 5}\n"})
    assert told == (
        'error: key "backfill" says how "phases/1_one/backfill.sql" goes, and there is no such file\n'
        f"  {YML}:1:11\n    1 | backfill: {{batch: 5}}\n      |           ^\nhint: Write it, or take the key out."
    )


def test_slip_of_the_name_is_told(refused):
    (told,) = refused({"phases/1_one/apply.sql": "select 1;", "phases/1_one/backfil.sql": TEXT})
    assert told == ('error: unknown file "phases/1_one/backfil.sql"\nhint: Did you mean "backfill.sql"?')
