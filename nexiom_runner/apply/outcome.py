"""What came of a script, as a Result: applied, failed, stopped, blocked; and the words for what is left behind."""

from collections.abc import Sequence
from typing import Any

from nexiom_runner.apply.probe import Found, Probe
from nexiom_runner.apply.vacuous import Misfit, Vacuous
from nexiom_runner.errors import Fault, Place
from nexiom_runner.ledger.fold import Record
from nexiom_runner.results import Kind, Outcome, Result
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.segments import Segment

SAFE = "Running apply again is safe."


def result(script: Script, outcome: Outcome, **fields: Any) -> Result:
    """A script's result; its place is the script's first line where no other is given."""
    place = fields.pop("place", None) or Place(script.rendered.source.path, 1)
    return Result(
        outcome,
        Kind.SCRIPT,
        script.phase,
        script.key,
        place=place,
        statements=len(script.statements),
        **fields,
    )


def passed(script: Script, seconds: float, message: str, warnings: tuple[Fault, ...] = ()) -> Result:
    """It is applied; `warnings` say what of it did nothing."""
    return result(script, Outcome.PASS, message=message, seconds=seconds, warnings=warnings)


def blocked(script: Script, failed: str) -> Result:
    """It did not run, because the script `failed` did."""
    return result(script, Outcome.BLOCKED, message=f'waits for "{failed}", which failed')


def failed(script: Script, fault: Fault, seconds: float, state: str, detail: str | None = None) -> Result:
    """It failed or stopped, for the reason that the fault says."""
    return result(
        script,
        Outcome.FAIL,
        message=fault.message,
        place=fault.place,
        excerpt=fault.source,
        width=fault.width,
        detail=detail or fault.detail,
        state=state,
        fix=fault.hint,
        seconds=seconds,
    )


def ended_by_itself(script: Script, seconds: float) -> Result:
    """Something it calls ended the transaction it runs in, which only a message without an error shows."""
    return result(
        script,
        Outcome.FAIL,
        message=f'phase "{script.phase}" failed: {script.key} ended the transaction it runs in',
        place=script.rendered.place(0),
        state="What it did before that is committed and not in the ledger: look at what it left before "
        f'"{script.phase}" is applied again.',
        fix="Take commit and rollback out of what it calls.",
        seconds=seconds,
    )


def unknown(script: Script, segment: Segment, found: Probe, target: str | None = None) -> Fault:
    """A statement was begun by a run that died, and the catalog does not say whether it was done.

    `target` is what the commands in the hint name with --target; None where they need not.
    """
    label = script.statements[segment.first].label
    resolve = f"nexiom resolve {script.phase}{f' --target {target}' if target else ''}"
    return _at(
        script,
        segment.first,
        f'phase "{script.phase}" stopped: "{label}" was begun by a run that died, and whether it was done is unknown',
        detail=f"{found.why[0].upper()}{found.why[1:]}.",
        hint=f'Look at it; then, where it is done: {resolve} --done --reason "…"; where it is to '
        f'run again: {resolve} --again --reason "…"',
    )


def unpinned(script: Script, segment: Segment, names: Sequence[str]) -> Fault:
    """A statement outside of any transaction would mean another object behind a pooler, where no path can be set."""
    label = script.statements[segment.first].label
    listed, which = " and ".join(names), "other ones" if len(names) > 1 else "another one"
    return _at(
        script,
        segment.first,
        f'phase "{script.phase}" stopped: "{label}" says "{listed}" without a schema, behind a pooler',
        detail="It runs outside a transaction, where nothing can be set for it alone, and the search_path of the "
        f"pooler's connections finds {which} there than `public, extensions` does.",
        hint="Write the schema, or name a direct_dsn for the target.",
    )


def invalid(script: Script, segment: Segment, name: str) -> Fault:
    """A statement ended without an error, and its index is not valid."""
    message = f'phase "{script.phase}" failed: index {name} is not valid'
    return _at(script, segment.first, message, hint="Run apply again: it is dropped and built anew.")


def misfit(script: Script, one: Vacuous, differing: Sequence[Misfit]) -> Fault:
    """`create table if not exists` met a table with other columns."""
    label = script.statements[one.statement].label.removeprefix("create table ")
    told = "; ".join(map(_difference, differing))
    return _at(
        script,
        one.statement,
        f'phase "{script.phase}" failed: table {label} is there already, with other columns',
        detail=f"{told[0].upper()}{told[1:]}.",
        hint="Alter the table in this phase; or, where it is meant to be left as it is, write `existing: accept` into "
        f"phases/{script.phase}/phase.yml.",
    )


def seen(found: Probe) -> dict[str, str]:
    """What the ledger keeps of a look at a statement of a run that died."""
    return {"found": found.why} if found.why and found.found is Found.DONE else {}


def rolled_back(script: Script, at: int, records: Sequence[Record]) -> str:
    """What is left behind where segment `at` (from 0) failed."""
    others = len({record.phase for record in records} - {script.phase})
    return f"{_own(script, at, records)} {_phases(others)} {SAFE}"


def left_in_batches(script: Script, done: str, records: Sequence[Record]) -> str:
    """What is left behind where a backfill failed or stopped; `done` is a sentence on its batches before."""
    others = len({record.phase for record in records} - {script.phase})
    return f"{done} {_phases(others)} Running apply again goes on with what is left."


def _own(script: Script, at: int, records: Sequence[Record]) -> str:
    if not script.atomic:
        return _part(script, script.segments[at])
    own = sum(record.phase == script.phase for record in records)
    if not own:
        return f'"{script.phase}" was rolled back.'
    remain = "1 script remains" if own == 1 else f"{own} scripts remain"
    return f'"{script.key}" was rolled back, {remain} applied of "{script.phase}".'


def _part(script: Script, segment: Segment) -> str:
    total, first = len(script.statements), segment.first + 1
    before = "Nothing before it" if segment.first == 0 else _statements(1, segment.first)
    if segment.lone is not None:
        stays = "" if segment.first == 0 else f"{before} of {total} remain applied. "
        what = f"What statement {first} of {total} left, which runs outside a transaction"
        return f"{stays}{what}, is looked for by the next apply."
    went = _statements(first, segment.last)
    return f"{went} of {total} were rolled back." + ("" if segment.first == 0 else f" {before} remain applied.")


def _statements(first: int, last: int) -> str:
    return f"Statement {first}" if first == last else f"Statements {first} to {last}"


def _phases(count: int) -> str:
    if count == 0:
        return "No other phase is applied."
    return f"{count} phase{'' if count == 1 else 's'} applied before it remain{'s' if count == 1 else ''} applied."


def _difference(one: Misfit) -> str:
    if one.found is None:
        return f'column "{one.name}" is missing'
    if one.stated is None:
        return f'column "{one.name}" ({one.found}) is not in the statement'
    return f'column "{one.name}" is {one.found}, the statement says {one.stated}'


def _at(script: Script, statement: int, message: str, **fields: Any) -> Fault:
    head = script.statements[statement].head
    line = script.text[head:].split("\n", 1)[0].rstrip()
    return script.rendered.fault(message, head, len(line) or 1, **fields)
