"""What a rehearsal measured, as a terminal shows it: script by script, statement by statement, then the sum."""

from collections.abc import Iterable, Iterator, Sequence

from nexiom_runner.errors import describe
from nexiom_runner.rehearse.model import Lock, Rehearsal, RehearsedScript, RehearsedStatement, Touched, blocked_work
from nexiom_runner.report.failures import failures, script_failure
from nexiom_runner.report.words import count, duration
from nexiom_runner.results import Kind, Outcome, Result, tally

WIDTH = 10  # of the words in front
PLACED = 72  # where the places of statements begin


def ground_lines(rehearsal: Rehearsal) -> Iterator[str]:
    """Where it runs, and what of that is not as on the target."""
    yield f"on       {rehearsal.ground.how}"
    for sentence in rehearsal.ground.differs:
        yield f"differs  {sentence}"
    for missing in rehearsal.ground.missing:
        yield f"missing  {missing}: {missing.why}"


def script_lines(script: RehearsedScript) -> Iterator[str]:
    """A script: its statements with what each did, then why it failed or did not run."""
    outcome = script.result.outcome
    if outcome is Outcome.BLOCKED:
        yield f"{script.key}   not rehearsed: {script.result.message}"
        return
    yield script.key
    for statement in script.statements:
        yield from statement_lines(statement)
    for fault in script.result.warnings:
        yield describe(fault, "warning")
    if outcome is Outcome.FAIL:
        yield f"\n{script_failure(script.result)}"


def statement_lines(one: RehearsedStatement) -> Iterator[str]:
    """A statement at its place, and a line for each sort of thing it did."""
    outside = "" if one.transactional else ", outside a transaction"
    head = f"  {one.number}  {one.label}{outside}"
    took = f"   {duration(one.seconds)}" if one.skipped is None else ""
    yield f"{head:<{PLACED}}   {one.place.path}:{one.place.line}{took}"
    facts = [("not run", one.skipped)] if one.skipped is not None else list(_facts(one))
    for word, text in (*facts, *(("hazard", text) for text in blocked_work(one.effects))):
        yield f"       {word:<{WIDTH}} {text}"
    for note in one.notes:
        yield f"       {'note':<{WIDTH}} {note}"


def sum_line(rehearsal: Rehearsal, seconds: float, *, failed: bool) -> str:
    """`PASSED   2 scripts, 4 statements: 3 rehearsed, 1 not; 1 table rewritten, … in 2.1 s`."""
    statements = rehearsal.statements
    not_run = sum(one.skipped is not None for one in statements)
    broken = sum(script.result.outcome is Outcome.FAIL for script in rehearsal.scripts)
    blocked = sum(script.result.outcome is Outcome.BLOCKED for script in rehearsal.scripts)
    parts = [
        f"{count(len(statements) - not_run, 'statement')} rehearsed, {not_run} not",
        *([f"{count(broken, 'script')} failed, {blocked} not reached"] if broken else []),
        effects_phrase(rehearsal),
        audits_phrase(rehearsal.audits),
    ]
    return f"{'FAILED' if failed else 'PASSED'}   {'; '.join(parts)}   in {duration(seconds)}"


def effects_phrase(rehearsal: Rehearsal) -> str:
    """`1 table rewritten, 2 indexes built, 3 objects created, 1 changed, 0 dropped`."""
    effects = [one.effects for one in rehearsal.statements]
    created, changed, dropped = (
        sum(len(getattr(each, name)) for each in effects) for name in ("created", "changed", "dropped")
    )
    rewritten, built = (sum(len(getattr(each, name)) for each in effects) for name in ("rewritten", "built"))
    return (
        f"{count(rewritten, 'table')} rewritten, {count(built, 'index', 'indexes')} built, "
        f"{count(created, 'object')} created, {changed} changed, {dropped} dropped"
    )


def audits_phrase(audits: Sequence[Result]) -> str:
    """`audits: 41 passed, 0 failed, 2 not looked at`."""
    if not audits:
        return "nothing to audit"
    counts = tally(audits)
    return f"audits: {counts.passed} passed, {counts.failed} failed, {counts.not_looked_at} not looked at"


def audit_lines(audits: Iterable[Result]) -> Iterator[str]:
    """A block for each that failed, a line for each that could not be looked at."""
    listed = list(audits)
    for block in failures(listed):
        yield f"{block}\n"
    for result in listed:
        if result.outcome is Outcome.SKIP:
            attribute = f" {result.attribute}" if result.attribute and result.kind is Kind.OBJECT else ""
            yield f"skipped  {result.subject}{attribute}: {result.message}"


def lock_words(lock: Lock) -> str:
    """`ACCESS EXCLUSIVE on table public.messages (2.1 M rows, 480 MB)`."""
    by = "" if lock.measured else ", as documented: not measured"
    return f"{lock.mode} on {lock.on.described}{by}"


def _facts(one: RehearsedStatement) -> Iterator[tuple[str, str]]:
    effects = one.effects
    for number, lock in enumerate(effects.locks):
        yield ("locks" if number == 0 else ""), lock_words(lock)
    for lock in effects.under:
        if lock.blocks_writers and all(lock.on != new.on for new in effects.locks):
            yield "held", f"{lock_words(lock)}, since an earlier statement"
    for word, things in (
        ("rewritten", effects.rewritten),
        ("emptied", effects.emptied),
        ("read", effects.scanned),
        ("built", effects.built),
    ):
        yield from ((word, _thing(word, thing)) for thing in things)
    for word, names in (("created", effects.created), ("changed", effects.changed), ("dropped", effects.dropped)):
        yield from ((word if number == 0 else "", name) for number, name in enumerate(names))


def _thing(word: str, thing: Touched) -> str:
    if word == "built":
        known = thing.size is not None and thing.size.rows >= 0
        return f"{thing.kind} {thing.name}" + (f" over {thing.size}" if known else "")
    return f"{thing.described}, from end to end" if word == "read" else thing.described
