"""The entries of a ledger as people read them."""

from dataclasses import replace

import pytest
from ledger_builders import entry

from nexiom_runner.ledger.entry import Entry
from nexiom_runner.report.history import history_lines


def reason(made: Entry, *, verbose: bool = False) -> str:
    """The last column of the one line."""
    header, line = history_lines([made], verbose=verbose)
    return line[header.index("reason") :]


@pytest.mark.parametrize(
    ("details", "shown", "verbose"),
    [
        ({"rows": "3000", "batches": "4"}, "3 000 rows in 4 batches", "3 000 rows in 4 batches"),
        ({"destructive": "Moved"}, "", "destructive: Moved"),
        (
            {"vacuous": "phases/a.sql:1:1 skipped\nphases/a.sql:2:1 skipped"},
            "",
            "did nothing: phases/a.sql:1:1 skipped; did nothing: phases/a.sql:2:1 skipped",
        ),
        ({"found": "index i is there"}, "", "found after a run that died: index i is there"),
    ],
)
def test_what_an_entry_of_something_applied_holds(details: dict[str, str], shown: str, verbose: str) -> None:
    made = replace(entry("01_a/apply.sql"), details=details)
    assert (reason(made), reason(made, verbose=True)) == (shown, verbose)


def test_reason_of_a_segment_stands_behind_its_number() -> None:
    made = replace(entry("01_a/apply.sql"), segment=2, segments=3, details={"destructive": "Moved"})
    assert reason(made, verbose=True) == "segment 2 of 3; destructive: Moved"
