"""The lines a terminal or a CI log shows: a phase's line, the summary, the verdict."""

from collections import Counter
from collections.abc import Collection, Iterable

from nexiom_runner.report.readiness import Readiness, Scope
from nexiom_runner.report.words import count, duration
from nexiom_runner.results import (
    FAILED,
    FAILING,
    NOT_LOOKED_AT,
    PASSED,
    WAITING,
    Exercised,
    Kind,
    Outcome,
    Result,
)

NOT_APPLIED = "the phase is not applied"  # as audits and tests say it
LEFT_OUT = "another call says only"  # as the tests say it
TESTS = frozenset({Kind.CALL, Kind.PENDING_KEY, Kind.SQL_TEST, Kind.COVERAGE})
MOST_NAMED = 5  # functions of a line of coverage
AUDITS = frozenset({Kind.OBJECT, Kind.AUDIT})


def phase_line(name: str, width: int, state: str, results: Collection[Result]) -> str:
    """` 12_pipeline_runner  applied  6 statements  14 ms  audit 14/14  test 9/9  3 waiting`."""
    scripts = [result for result in results if result.kind is Kind.SCRIPT]
    done = [result for result in scripts if result.outcome in PASSED]
    size = count(sum(result.statements or 0 for result in done), "statement") if done else ""
    took = duration(sum(result.seconds or 0.0 for result in done)) if done else ""
    cells = [
        name.ljust(width),
        state.ljust(9),
        size.rjust(14),
        took.rjust(8),
        " ",
        f"audit {ratio(results, AUDITS)}".ljust(13),
        f"test {ratio(results, TESTS)}".ljust(11),
        ", ".join(_remarks(results)),
    ]
    return " " + " ".join(cells).rstrip()


def ratio(results: Iterable[Result], kinds: Collection[Kind]) -> str:
    """`9/12`: how many of these kinds passed, what waits left out; a dash where there is none."""
    counted = [result for result in results if result.kind in kinds and result.outcome not in WAITING]
    passed = sum(result.outcome in PASSED for result in counted)
    return f"{passed}/{len(counted)}" if counted else "–"


def _remarks(results: Collection[Result]) -> list[str]:
    checks = [result for result in results if result.kind is not Kind.SCRIPT]
    parts = [
        (sum(result.outcome in FAILED for result in checks), "failed"),
        (sum(result.outcome in WAITING for result in checks), "waiting"),
        (sum(result.outcome in NOT_LOOKED_AT for result in checks), "not looked at"),
    ]
    return [f"{number} {word}" for number, word in parts if number]


def summary(results: Collection[Result], extra_audits: Collection[Result] = ()) -> list[str]:
    """Audit files and tests in one line, then each piece of waiting work with its owner."""
    files = [result for result in results if result.kind is Kind.AUDIT]
    tests = [result for result in results if result.kind in TESTS and result.outcome is not Outcome.PENDING]
    lines = [f"{'audits   ' + _counted(files):<40}tests   {_counted(tests)}"]
    waiting = [result for result in results if result.outcome is Outcome.PENDING]
    width = max((len(waiting_name(result)) for result in waiting), default=0)
    owners = max((len(result.owner or "") for result in waiting), default=0)
    for number, result in enumerate(waiting):
        word = "waiting" if not number else ""
        until = f", until {result.until}" if result.until else ""
        name, owner = waiting_name(result).ljust(width), (result.owner or "").ljust(owners)
        lines.append(f"{word:<8} {name}   {owner}   {result.message or ''}{until}".rstrip())
    return lines


def coverage_lines(exercised: Exercised | None) -> list[str]:
    """How much of what others may execute the tests called, and what they did not; nothing where there is nothing."""
    if exercised is None or not exercised.functions:
        return []
    called, pairs = f"{exercised.called} of {exercised.functions}", f"{exercised.called_pairs} of {exercised.pairs}"
    rest = "" if exercised.is_known else "; calls within calls are not counted on this server"
    lines = [f"coverage {called} exposed functions called, {pairs} with each role that may call them{rest}"]
    never = set(exercised.uncalled)
    pairs_left = [f"{name} as {role}" for name, roles in exercised.missing if name not in never for role in roles]
    named = [f"{name} by none" for name in exercised.uncalled] + pairs_left
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return [*lines, f"         not called: {', '.join(named[:MOST_NAMED])}{more}"] if named else lines


def server_lines(scope: Scope) -> list[str]:
    """That the server is of another major version than the platform it stands in for; else nothing."""
    return [f"server   PostgreSQL {scope.server.split()[0]} stands in for {scope.asked}"] if scope.asked else []


def waiting_name(result: Result) -> str:
    """What waits: the key, without the path's `$.`."""
    return (result.attribute or result.subject).removeprefix("$.")


def _counted(results: Collection[Result]) -> str:
    parts = [
        (sum(result.outcome in PASSED for result in results), "passed"),
        (sum(result.outcome in FAILED for result in results), "failed"),
        (sum(result.outcome in NOT_LOOKED_AT for result in results), "not looked at"),
    ]
    return ", ".join(f"{number} {word}" for number, word in parts if number) or "none"


def verdict_line(readiness: Readiness, seconds: float, word: str | None = None) -> str:
    """`READY   12 phases, 102 checks: 102 passed, 0 failed, 0 waiting, 0 not looked at   in 1.9 s`.

    `word` stands for the verdict where only a part was looked at.
    """
    counts = readiness.counts
    missing = len(readiness.unapplied)
    phases = count(len(readiness.phases), "phase") + (f" ({missing} not applied)" if missing else "")
    return (
        f"{word or readiness.verdict}   {phases}, {count(counts.checks, 'check')}: {counts.passed} passed, "
        f"{counts.failed} failed, {counts.waiting} waiting, {counts.not_looked_at} not looked at"
        f"   in {duration(seconds)}"
    )


def skipped(results: Iterable[Result], target: str | None = None, way_in: str = "nexiom build") -> list[str]:
    """What was not looked at and does not fail the run, with its reason; a phase that is not applied is one line.

    Where nothing was looked at because nothing is applied on `target`, that is the one line, and `way_in` applies.
    """
    everything = list(results)
    seen = [result for result in everything if result.outcome in NOT_LOOKED_AT and result.outcome not in FAILING]
    if target and seen and len(seen) == len(everything) and all(map(_waits_for_its_phase, seen)):
        return [f"nothing is applied on {target}: {way_in}"]
    together = Counter(result.phase for result in seen if result.message == NOT_APPLIED)
    lines: dict[str, None] = {}
    left_out = sum(result.message == LEFT_OUT for result in seen)
    if left_out:
        lines[f"skipped  {count(left_out, 'check')}: {LEFT_OUT}"] = None
    for result in seen:
        if result.message == LEFT_OUT:
            continue
        if result.message == NOT_APPLIED and result.phase:
            lines[f"skipped  {result.phase}: {NOT_APPLIED} ({count(together[result.phase], 'check')})"] = None
            continue
        lines[f"skipped  {result.phase or 'all phases'}  {_name(result)}: {result.message or ''}"] = None
        if result.fix:
            lines[f"         fix  {result.fix}"] = None
    return list(lines)


def _waits_for_its_phase(result: Result) -> bool:
    message = result.message or ""
    return message == NOT_APPLIED or (message.startswith("phase ") and message.endswith(" is not applied"))


def _name(result: Result) -> str:
    path = f" {result.attribute}" if (result.attribute or "").startswith("$") else ""
    return f"{result.subject}{path}{f' as {result.role}' if result.role else ''}"
