"""JUnit XML as CI systems read it: a suite a phase, a case a check; pending is `skipped` with its owner."""

import re
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from nexiom_runner.report.failures import failures
from nexiom_runner.report.readiness import Readiness
from nexiom_runner.results import FAILED, Kind, Outcome, Result

# XML 1.0 section 2.2 allows no other control characters.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render_junit(readiness: Readiness) -> str:
    """The report as JUnit XML. Scripts are cases too, so that a failed apply is a failed case."""
    results = [result for result in readiness.results if result.kind is not Kind.SCRIPT or _failed(result)]
    return junit_of(readiness.scope.project, results)


def junit_of(name: str, results: list[Result]) -> str:
    """Results as JUnit XML under a name, a suite a phase."""
    ordered = sorted(results, key=lambda result: result.phase or "~")
    suites = [_suite(phase, list(group)) for phase, group in groupby(ordered, key=lambda result: result.phase)]
    head = f"<testsuites name={_attribute(name)} {_counts(results)}>"
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>", ""])


def _suite(phase: str | None, results: list[Result]) -> str:
    name = phase or "all phases"
    cases = [_case(name, result) for result in results]
    return "\n".join([f"  <testsuite name={_attribute(name)} {_counts(results)}>", *cases, "  </testsuite>"])


def _counts(results: list[Result]) -> str:
    failed = sum(_failed(result) for result in results)
    errors = sum(result.outcome in (Outcome.ERROR, Outcome.UNPARSED) for result in results)
    skipped = sum(result.outcome in (Outcome.PENDING, Outcome.SKIP, Outcome.BLOCKED) for result in results)
    seconds = sum(result.seconds or 0.0 for result in results)
    return f'tests="{len(results)}" failures="{failed}" errors="{errors}" skipped="{skipped}" time="{seconds:.3f}"'


def _failed(result: Result) -> bool:
    return result.outcome in FAILED


def _case(phase: str, result: Result) -> str:
    parts = [result.subject, result.attribute or "", f"as {result.role}" if result.role else ""]
    name = " ".join(part for part in parts if part)
    where = f" file={_attribute(result.place.path)} line={_attribute(str(result.place.line))}" if result.place else ""
    opening = (
        f"    <testcase classname={_attribute(f'{phase}.{result.kind}')} name={_attribute(name)}"
        f'{where} time="{result.seconds or 0.0:.3f}"'
    )
    inside = _inside(result)
    return f"{opening}>{inside}</testcase>" if inside else f"{opening}/>"


def _inside(result: Result) -> str:
    match result.outcome:
        case Outcome.PASS:
            return ""
        case Outcome.WARN:
            return f"<system-out>{_text(result.message or '')}</system-out>"
        case Outcome.PENDING | Outcome.SKIP | Outcome.BLOCKED:
            owner = f" ({result.owner})" if result.owner else ""
            reason = f"{result.outcome}{owner}: {result.message or ''}"
            return f"<skipped message={_attribute(reason)}/>"
        case _:
            element = "failure" if _failed(result) else "error"
            first = _attribute(result.message or "expected and found differ")
            return f"<{element} message={first}>{_text(chr(10).join(failures([result])))}</{element}>"


def _text(text: str) -> str:
    return escape(_ILLEGAL.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("", text), {"\n": "&#10;"})
