"""What is declared of a function's exposure, and marked sensitive, holds until a later phase says otherwise."""

from collections.abc import Callable

import pytest

from nexiom_runner.project.exposure import declared_in_force, marked_in_force
from nexiom_runner.project.model import Project

Load = Callable[..., Project]
BOTH = ("01_a", "02_b")


@pytest.fixture
def stated(load: Load) -> Callable[[str, str], Project]:
    """A project of two phases that state these lines under `expect:`."""

    def make(first: str, second: str) -> Project:
        stated = zip(BOTH, (first, second), strict=True)
        texts = {f"phases/{name}/phase.yml": f"expect:\n  {line}\n" for name, line in stated}
        return load({**texts, **{f"phases/{name}/apply.sql": "select 1;\n" for name in BOTH}})

    return make


def marks(project: Project) -> list[tuple[str, str, str, str | None]]:
    return [(one.phase, one.table, one.column, one.reason) for one in marked_in_force(project, BOTH)]


@pytest.mark.parametrize(
    ("sensitive", "expected"),
    [
        ("true", [("01_a", "t", "", None)]),
        ("Keys of ours", [("01_a", "t", "", "Keys of ours")]),
        ('"true"', [("01_a", "t", "", "true")]),
        ("{a: true, b: Tokens}", [("01_a", "t", "a", None), ("01_a", "t", "b", "Tokens")]),
        ("false", []),
    ],
)
def test_a_table_or_a_column_is_marked(
    stated: Callable[[str, str], Project], sensitive: str, expected: list[object]
) -> None:
    assert marks(stated(f"tables: {{t: {{sensitive: {sensitive}}}}}", "tables: {t: present}")) == expected


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ("{sensitive: {a: false}}", [("01_a", "t", "b", None)]),
        ("{sensitive: {a: Why}}", [("01_a", "t", "b", None), ("02_b", "t", "a", "Why")]),
        ("absent", []),
    ],
)
def test_a_later_phase_takes_a_mark_back(
    stated: Callable[[str, str], Project], later: str, expected: list[object]
) -> None:
    assert marks(stated("tables: {t: {sensitive: {a: true, b: true}}}", f"tables: {{t: {later}}}")) == expected


def test_who_accepts_later_states_the_day_with_it(stated: Callable[[str, str], Project]) -> None:
    project = stated(
        "functions: {f: {reason: Why, accepted_by: ann, until: 2026-01-31}}", "functions: {f: {accepted_by: bob}}"
    )
    (one,) = declared_in_force(project, BOTH).values()
    assert one.reason is not None
    assert one.accepted_by is not None
    assert (one.phase, one.reason.value, one.accepted_by.value, one.until) == ("02_b", "Why", "bob", None)
    assert (one.place.path, one.place.line) == ("phases/02_b/phase.yml", 2)


def test_nothing_is_declared_of_a_function_that_is_absent(stated: Callable[[str, str], Project]) -> None:
    project = stated("functions: {f: {reason: Why, arguments: {a: int}}}", "functions: {f: absent}")
    assert declared_in_force(project, BOTH) == {}
