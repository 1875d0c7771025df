"""The readiness report as JSON: the same facts as every other form, keys in a fixed order."""

import json
from dataclasses import asdict
from typing import Any

from nexiom_runner.errors import describe
from nexiom_runner.report.readiness import PhaseReadiness, Readiness
from nexiom_runner.results import Result, Tally

FORMAT = 1


def render_json(readiness: Readiness) -> str:
    """The whole report, indented, with a final newline. `format` changes when a key changes its meaning."""
    document = {
        "format": FORMAT,
        "verdict": str(readiness.verdict),
        "counts": _counts(readiness.counts),
        "scope": asdict(readiness.scope),
        "coverage": asdict(readiness.coverage),
        "exercised": None if readiness.exercised is None else asdict(readiness.exercised),
        "drift": readiness.drift,
        "notes": list(readiness.notes),
        "phases": [_phase(phase) for phase in readiness.phases],
        "unstated": [asdict(one) for one in readiness.unstated],
        "general": [result_data(result) for result in readiness.general],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def result_data(result: Result) -> dict[str, Any]:
    """One result as plain data, without what it does not have."""
    data = {
        "outcome": str(result.outcome),
        "kind": str(result.kind),
        "phase": result.phase,
        "subject": result.subject,
        "attribute": result.attribute,
        "role": result.role,
        "cell": result.cell or None,
        "place": str(result.place) if result.place else None,
        "message": result.message,
        "differences": [asdict(difference) for difference in result.differences] or None,
        "detail": result.detail,
        "state": result.state,
        "fix": result.fix,
        "sql": result.sql,
        "statements": result.statements,
        "warnings": [describe(fault, "warning") for fault in result.warnings] or None,
        "owner": result.owner,
        "until": result.until,
        "milliseconds": round(result.seconds * 1000, 1) if result.seconds is not None else None,
    }
    return {key: value for key, value in data.items() if value is not None}


def _phase(phase: PhaseReadiness) -> dict[str, Any]:
    return {
        "name": phase.name,
        "title": phase.title,
        "owner": phase.owner,
        "state": phase.state,
        "counts": _counts(phase.counts),
        "scripts": [asdict(script) for script in phase.scripts],
        "objects": list(phase.objects),
        "exposed": [asdict(one) for one in phase.exposed],
        "results": [result_data(result) for result in phase.results],
    }


def _counts(counts: Tally) -> dict[str, int]:
    return {"checks": counts.checks, **asdict(counts)}
