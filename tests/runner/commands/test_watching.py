"""`nexiom test --watch`: what an edit touches is applied and run again; Ctrl-C ends it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import pytest

from nexiom_runner.commands.request import Request
from nexiom_runner.commands.watching import watch
from tests.runner.commands.conftest import EXPECTED_TOTALS, TOTALS, Shop

Touched = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass
class Said:
    """A console that keeps what it is told."""

    lines: list[str] = field(default_factory=list)

    def out(self, text: str) -> None:
        self.lines.append(text)

    def note(self, text: str) -> None:
        self.lines.append(text)

    def working(self, text: str) -> None:
        pass


def watched(edits: list[Callable[[], None]], target: str | None = None) -> tuple[list[Touched], list[str]]:
    """What is run while somebody makes these edits and then presses Ctrl-C, and what is said."""
    said, ran = Said(), list[Touched]()
    request = Request(said, os.environ, partial(datetime.now, UTC), target=target)

    def pauses() -> Iterator[None]:
        for edit in edits:
            edit()
            yield
            yield
        raise KeyboardInterrupt

    left = pauses()

    def run(phases: tuple[str, ...], scripts: tuple[str, ...]) -> int:
        ran.append((phases, scripts))
        return 0

    assert watch(request, run, lambda: next(left)) == 0
    return ran, said.lines


@pytest.fixture
def edited(staging: Shop) -> Shop:
    """An applied project with a script."""
    staging.write("tests/sql/test_a.sql", "select 1 as a;\n")
    staging.run("apply")
    return staging


def test_all_is_run_first_and_ctrl_c_ends_it(edited: Shop) -> None:
    ran, said = watched([])
    assert ran == [((), ())]
    assert said == ["\nwatching 5 files; Ctrl-C ends it", "\nno longer watching"]


def test_an_edited_script_is_run_alone(edited: Shop) -> None:
    ran, said = watched([lambda: edited.write("tests/sql/test_a.sql", "select 2 as a;\n")])
    assert ran[1:] == [((), ("tests/sql/test_a.sql",))]
    assert "\nchanged: tests/sql/test_a.sql" in said


def test_what_a_phase_states_is_looked_at_in_that_phase(edited: Shop) -> None:
    ran, _ = watched([lambda: edited.write("phases/2_totals/phase.yml", EXPECTED_TOTALS + "# more\n")])
    assert ran[1:] == [(("2_totals",), ())]


def test_sql_of_a_phase_touches_what_needs_it(edited: Shop) -> None:
    ran, _ = watched([lambda: edited.write("phases/2_totals/repeatable/totals.sql", TOTALS + "-- more\n")])
    assert ran[1:] == [(("2_totals+",), ())]


def test_settings_touch_everything(edited: Shop) -> None:
    ran, _ = watched([lambda: edited.write("nexiom.yml", edited.read("nexiom.yml") + "# more\n")])
    assert ran[1:] == [((), ())]


def test_a_fault_is_told_and_the_next_edit_mends_it(edited: Shop) -> None:
    ran, said = watched(
        [
            lambda: edited.write("phases/2_totals/phase.yml", "tittle: x\n"),
            lambda: edited.write("phases/2_totals/phase.yml", EXPECTED_TOTALS),
        ]
    )
    assert ran == [((), ()), (("2_totals",), ())]
    assert any(line.startswith('error: unknown key "tittle"') for line in said)


def test_on_the_embedded_server_an_edit_is_applied_first(local: Shop) -> None:
    assert local.run("build").code == 0
    ran, said = watched([lambda: local.write("phases/2_totals/repeatable/totals.sql", TOTALS.replace("count(*)", "1"))])
    assert ran[1:] == [(("2_totals+",), ())]
    assert any(line.startswith(" applied  2_totals/repeatable/totals.sql") for line in said)
    assert '"orders": 1' in local.run("call", "totals").out


def test_an_edit_that_cannot_be_applied_runs_no_test(local: Shop) -> None:
    ran, said = watched([lambda: local.write("phases/2_totals/repeatable/totals.sql", "select no_such();\n")])
    assert ran == [((), ())]
    assert any("function no_such() does not exist" in line for line in said)


def test_the_command_watches(edited: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)
    ran = edited.run("test", "--watch")
    assert ran.code == 0
    assert "2 phases, 2 checks" in ran.out
    assert ran.out.endswith("no longer watching\n")
