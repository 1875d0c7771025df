"""`--accept`: shapes that calls return, written into phase.yml."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from nexiom_runner.apply.look import read_plan
from nexiom_runner.commands.checking import prepare_checks
from nexiom_runner.commands.opened import Opened, open_prepared
from nexiom_runner.commands.prepared import Prepared
from nexiom_runner.commands.reporting import write_text
from nexiom_runner.commands.request import Request
from nexiom_runner.contract.accept import Edit
from nexiom_runner.contract.seen import Seen, accept_seen
from nexiom_runner.errors import Fault, UsageError
from nexiom_runner.graph.select import select_phases
from nexiom_runner.project.in_force import CallInForce, object_keys
from nexiom_runner.shape.json import JsonError, loads
from nexiom_runner.test.calls import Looked
from nexiom_runner.test.prepare import shown_function
from nexiom_runner.test.suite import make_suite
from nexiom_runner.test.work import begin_work


def accept_shapes(
    request: Request, prepared: Prepared, select: Sequence[str], exclude: Sequence[str], *, exact: bool
) -> None:
    """Make the calls of the phases selected, and write the shapes that were seen; rolled back, as in every test.

    `exact` writes values, too. Raises UsageError where a file cannot be written.
    """
    checks = prepare_checks(prepared)
    with open_prepared(request, prepared) as opened:
        chosen = select_phases(opened.graph, opened.project, select, exclude)
        plan, _ = read_plan(opened.place, opened.project.name, opened.graph)
        applied = opened.applied(plan)
        phases = [name for name in applied if name in chosen]
        suite = make_suite(opened.project, applied, phases, checks.scripts, opened.values, ())
        work = begin_work(suite, opened.session)
        for each in suite.calls:
            work.run(each, opened.session)
        seen = [one for each in suite.calls for one in _seen(each, work.looked[id(each)])]
        write_edits(request, opened, accept_seen(opened.project, applied, seen, exact=exact))


def accept_call(request: Request, opened: Opened, wanted: CallInForce, value: str | None, *, exact: bool) -> None:
    """Write the shape of one value that a function returned. Raises UsageError where no phase states the function, or
    what it returned is no JSON."""
    try:
        seen = None if value is None else loads(value)
    except JsonError as error:
        raise UsageError(Fault(f"what it returned cannot be read: {error}")) from None
    names = list(opened.graph.phases)
    key = wanted.key
    stated = {(one.schema, one.name) for _, one, _ in object_keys(opened.project, names) if one.kind == "function"}
    if (key.schema, key.name) not in stated:
        name = shown_function(key.schema, key.name)
        hint = f"nexiom expect --accept {name} writes what the database has; then accept the shape."
        raise UsageError(Fault(f'no phase states function "{name}"', hint=hint))
    edits = accept_seen(opened.project, names, [Seen("", key, None, (seen,))], exact=exact)
    write_edits(request, opened, edits)
    if not edits:
        request.say("its shape is as it is stated")


def write_edits(request: Request, opened: Opened, edits: Sequence[Edit]) -> None:
    """Write each file and say so."""
    for edit in edits:
        write_text(Path(opened.project.root) / edit.path, edit.after)
        request.say(f"wrote {edit.path}")


def _seen(each: CallInForce, looked: Sequence[Looked]) -> Iterator[Seen]:
    """What a call returned, for its own shape or its function's; a case and a cell have none that could be written."""
    values = tuple(value for one in looked for value in one.values)
    if values and (each.call.result is None or each.call.part_of is None):
        yield Seen(each.phase, each.key, each.call.name if each.call.result is not None else None, values)
