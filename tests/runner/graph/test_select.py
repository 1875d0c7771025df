"""Selecting phases."""

import pytest
from graph_builders import graph, phase, project

from nexiom_runner.errors import UsageError, describe
from nexiom_runner.graph.select import select_phases

PHASES = (phase("01_core", tags=("base",)), phase("02_inbox", tags=("ui",)), phase("03_leads", needs=("01_core",)))
SCRIPTS = {
    "01_core/apply.sql": "create table public.messages (id int);",
    "02_inbox/apply.sql": "create view public.inbox as select id from public.messages;",
    "03_leads/apply.sql": "select 1;",
}
GRAPH = graph(SCRIPTS, *PHASES)


def chosen(*select: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return sorted(select_phases(GRAPH, project(*PHASES), select, exclude))


def test_no_selection_is_everything() -> None:
    assert chosen() == ["01_core", "02_inbox", "03_leads"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("01_core", ["01_core"]),
        ("0[12]_*", ["01_core", "02_inbox"]),
        ("tag:ui", ["02_inbox"]),
        ("+02_inbox", ["01_core", "02_inbox"]),
        ("01_core+", ["01_core", "02_inbox", "03_leads"]),
        ("+03_leads", ["01_core", "03_leads"]),
        ("+tag:ui", ["01_core", "02_inbox"]),
    ],
)
def test_selector_names_phases(selector: str, expected: list[str]) -> None:
    assert chosen(selector) == expected


def test_several_selections_add_up() -> None:
    assert chosen("02_inbox", "03_leads") == ["02_inbox", "03_leads"]


def test_exclusion_takes_away() -> None:
    assert chosen(exclude=("02*",)) == ["01_core", "03_leads"]
    assert chosen("01_core+", exclude=("tag:ui",)) == ["01_core", "03_leads"]


def test_every_selector_that_names_nothing_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        chosen("01_cora", "1", "tag:iu", exclude=("zzz",))
    assert [describe(fault) for fault in caught.value.faults] == [
        'error: no phase is named "01_cora"\nhint: Did you mean "01_core"?',
        'error: no phase is named "1"\nhint: Did you mean "01_core"?',
        'error: no phase has the tag "iu"\nhint: Did you mean "ui"?',
        'error: no phase is named "zzz"',
    ]
