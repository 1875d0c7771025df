"""`nexiom history`: what was done to the target, when, by whom."""

import json
from collections.abc import Sequence

import click

from nexiom_runner.apply.ledger import read_links
from nexiom_runner.commands.recorded import entry_of, open_recorded
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.errors import Fault, UsageError
from nexiom_runner.ledger.entry import Entry, Event
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.report.history import history_data, history_lines

Numbered = tuple[int, Entry]


@click.command(short_help="What was done to the target, when and by whom")
@click.argument("phase", required=False)
@with_request
def command(request: Request, phase: str | None) -> int:
    """List the entries of the ledger, oldest first: all of them, or those of PHASE under every name it had.

    -v adds why a phase might take data away and what of a script did nothing.

    \b
    nexiom history --target production
    nexiom history 12_pipeline_runner --format json
    """
    with open_recorded(request) as recorded:
        entries = [(link.number, entry_of(link)) for link in read_links(recorded.session, recorded.project.name)]
    shown = entries if phase is None else _of_phase(entries, phase)
    if request.format == "json":
        request.console.out(json.dumps(history_data(shown), ensure_ascii=False, indent=2))
    else:
        for line in history_lines([entry for _, entry in shown], verbose=request.verbose):
            request.console.out(line)
    return 0


def _of_phase(entries: Sequence[Numbered], phase: str) -> list[Numbered]:
    """The phase's entries, before it was renamed too. Raises UsageError where there are none."""
    found, name = [], phase
    for number, entry in reversed(entries):
        if entry.phase == name:
            found.append((number, entry))
            if entry.event is Event.RENAMED and entry.renamed_from:
                name = entry.renamed_from
    if not found:
        known = list(dict.fromkeys(entry.phase for _, entry in entries if entry.phase))
        raise UsageError(Fault(f'the ledger has no entry of phase "{phase}"', hint=did_you_mean(phase, known)))
    return found[::-1]
