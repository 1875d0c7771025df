"""What the rules found, as one model every form reads, and the lines a terminal shows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nexiom_runner.lint.rule import Rule
from nexiom_runner.report.failures import failures
from nexiom_runner.report.words import count, duration
from nexiom_runner.results import FAILING, NOT_LOOKED_AT, Kind, Outcome, Result, Tally, tally

KINDS = ("table", "view", "function", "policy", "index", "constraint", "sequence")
PLURALS = {"policy": "policies", "index": "indexes"}


@dataclass(frozen=True, slots=True)
class LintReport:
    """Who looked, at what, and what the rules found. `server` is None where no database was asked."""

    project: str
    target: str
    checked_at: str  # ISO 8601, UTC
    runner: str  # nexiom's version
    results: tuple[Result, ...]
    rules: tuple[Rule, ...]  # that looked
    statements: int
    unparsed: int
    objects: Mapping[str, int] = field(default_factory=dict)
    server: str | None = None

    @property
    def waived(self) -> tuple[Result, ...]:
        """What somebody answers for."""
        return waived(self.results)

    @property
    def warnings(self) -> int:
        """How many findings fail nothing."""
        return sum(one.outcome is Outcome.WARN for one in self.results)

    @property
    def counts(self) -> Tally:
        """Of findings and of what was not looked at."""
        return tally(self.results)


def waived(results: Iterable[Result]) -> tuple[Result, ...]:
    """The findings that a waiver holds for."""
    return tuple(filter(is_waived, results))


def is_waived(result: Result) -> bool:
    """Whether a waiver holds for it."""
    return result.kind is Kind.LINT and result.outcome is Outcome.PASS


def reason_of(result: Result) -> str:
    """Why it is waived: `read by a cron job alone`."""
    return (result.detail or "").removeprefix("waived: ")


def waiver_of(result: Result) -> str:
    """`read by a cron job alone (messaging, until 2027-06-30)`."""
    return f"{reason_of(result)} ({result.owner}, until {result.until})"


def lint_lines(report: LintReport, seconds: float, *, failed: bool) -> Iterator[str]:
    """A block for each finding, what is waived, what was not looked at, the coverage, the verdict."""
    for block in failures(report.results):
        yield block + "\n"
    for result in report.waived:
        yield f"waived   {result.attribute}  {result.subject}: {waiver_of(result)}"
    for result in report.results:
        if result.outcome in NOT_LOOKED_AT and result.outcome not in FAILING:
            yield f"skipped  {result.subject}: {result.message}"
    yield coverage_line(report)
    yield lint_verdict(report, seconds, failed=failed)


def coverage_line(report: LintReport) -> str:
    """`looked at 61 statements, 0 UNPARSED; 14 tables, 22 functions; 36 rules`."""
    statements = f"{count(report.statements, 'statement')}, {report.unparsed} UNPARSED"
    objects = ", ".join(
        count(report.objects[kind], kind, PLURALS.get(kind)) for kind in KINDS if report.objects.get(kind)
    )
    if report.server is None:
        objects = "no object: no server was asked"
    return f"looked at {statements}; {objects or 'no object'}; {count(len(report.rules), 'rule')}"


def lint_verdict(report: LintReport, seconds: float, *, failed: bool) -> str:
    """`FAILED   3 errors, 12 warnings, 1 waived, 0 not looked at   in 0.4 s`."""
    counts = report.counts
    return (
        f"{'FAILED' if failed else 'PASSED'}   {count(counts.failed, 'error')}, {count(report.warnings, 'warning')}, "
        f"{len(report.waived)} waived, {counts.not_looked_at} not looked at   in {duration(seconds)}"
    )


def rule_lines(rules: Iterable[Rule], levels: Mapping[str, str]) -> Iterator[str]:
    """Every rule on a line: id, pack, what it counts as, what it finds."""
    listed = list(rules)
    width = max(len(rule.id) for rule in listed)
    for rule in listed:
        yield f"{rule.id:<{width}}  {rule.pack:<11}  {levels[rule.id]:<5}  {rule.title}"
