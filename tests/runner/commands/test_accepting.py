"""`--accept`: shapes that calls return, written into phase.yml."""

from pathlib import Path

import pytest

from tests.runner.commands.conftest import Shop

PHASE = "phases/2_totals/phase.yml"


@pytest.fixture
def applied(staging: Shop) -> Shop:
    """An applied project whose totals() is stated with another shape than it returns."""
    staging.run("apply")
    return staging


def restate(shop: Shop, result: str) -> None:
    """Say something else of what totals() returns."""
    text = shop.read(PHASE)
    (line,) = [line for line in text.split("\n") if line.strip().startswith("result:")]
    shop.write(PHASE, text.replace(line, f"{line.split('result:')[0]}result: {result}"))


def test_the_shapes_of_calls_are_written_where_they_differ(applied: Shop) -> None:
    before = applied.read(PHASE)
    restate(applied, "{orders: text, gone: int}   # what the till shows")
    assert applied.run("test").code == 1
    assert applied.run("test", "--accept").all == (0, f"wrote {PHASE}\n", "")
    assert "   # what the till shows\n" in applied.read(PHASE)
    assert "gone" not in applied.read(PHASE)
    assert before != applied.read(PHASE)
    assert applied.run("test").code == 0


def test_what_is_right_already_is_not_written(applied: Shop) -> None:
    before = applied.read(PHASE)
    assert applied.run("test", "--accept").all == (0, "", "")
    assert applied.read(PHASE) == before


def test_values_are_written_where_that_is_asked_for(applied: Shop) -> None:
    restate(applied, "text")
    applied.run("test", "--accept", "--values")
    assert applied.run("test").code == 0
    assert "int" not in applied.read(PHASE).split("result:")[1].split("calls:")[0]


def test_values_alone_are_refused(applied: Shop) -> None:
    for command in (("test",), ("call", "totals")):
        ran = applied.run(*command, "--values")
        assert (ran.code, ran.err.split("\n")[0]) == (2, "error: --values is for --accept")


def test_one_call_writes_its_shape(applied: Shop) -> None:
    before = applied.read(PHASE)
    restate(applied, "text")
    ran = applied.run("call", "totals", "--accept")
    assert (ran.code, ran.out.split("\n")[-2]) == (0, f"wrote {PHASE}")
    assert applied.run("test").code == 0
    assert applied.read(PHASE) != before
    assert applied.run("call", "totals", "--accept").out.endswith("its shape is as it is stated\n")


def test_a_function_that_no_phase_states_is_told(applied: Shop) -> None:
    applied.run("sql", "-c", "create function public.loose() returns int language sql as 'select 1'")
    ran = applied.run("call", "loose", "--accept")
    assert ran.code == 2
    assert ran.err.endswith(
        'error: no phase states function "loose"\n'
        "hint: nexiom expect --accept loose writes what the database has; then accept the shape.\n"
    )


def test_nothing_is_written_on_the_way(applied: Shop, tmp_path: Path) -> None:
    restate(applied, "text")
    applied.run("test", "--accept")
    assert [path.name for path in (applied.root / "phases/2_totals").iterdir() if path.name.startswith(".")] == []
