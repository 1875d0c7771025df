"""`nexiom status`: each phase's state on the target."""

import json
from pathlib import Path
from typing import Any

import click

from nexiom_runner.apply.look import read_plan
from nexiom_runner.apply.move import told_move
from nexiom_runner.commands.opened import Opened, open_project
from nexiom_runner.commands.reporting import LAST_CHECKED
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.errors import describe
from nexiom_runner.plan.model import Plan, Step, StepState
from nexiom_runner.plan.problems import faults, warnings
from nexiom_runner.report.words import moment


@click.command(short_help="Each phase's state on the target")
@with_request
def command(request: Request) -> int:
    """Show each phase: its state, when and by whom it was applied, what the last check of this ledger found.

    Exits with 1 when a phase that was applied was edited or is gone.

    \b
    nexiom status
    nexiom status --target production --format json
    """
    with open_project(request) as opened:
        plan, history = read_plan(opened.place, opened.project.name, opened.graph)
        note = told_move(history, opened.session, opened.target)
        rows = [_row(opened, plan, phase, _last_checks(opened, history.head)) for phase in _phases(plan)]
    if request.format == "json":
        request.console.out(json.dumps({"moved": note, "phases": rows}, ensure_ascii=False, indent=2))
    else:
        for line in (*([f"note: {note}"] if note else []), *_table(rows)):
            request.say(line)
    for fault in faults(plan, opened.target_named):
        request.fail("\n" + describe(fault))
    for fault in warnings(plan, opened.target_named):
        request.say("\n" + describe(fault, "warning"))
    return int(bool(plan.problems or plan.gone))


def _phases(plan: Plan) -> list[str]:
    return list(dict.fromkeys(step.phase for step in plan.steps))


def _row(opened: Opened, plan: Plan, phase: str, checks: dict[str, Any]) -> dict[str, str]:
    steps = [step for step in plan.steps if step.phase == phase]
    records = sorted((step.record for step in steps if step.record), key=lambda record: record.at)
    unsettled = [step for step in steps if step.state is not StepState.APPLIED]
    return {
        "phase": phase,
        "state": _state(steps, unsettled),
        "applied": moment(records[-1].at).removesuffix(" UTC") if records else "",
        "by": records[-1].by if records else "",
        "checks": _checks(checks.get(phase)),
        "note": ", ".join(_note(step) for step in unsettled if len(unsettled) < len(steps) or _under_way(step)),
    }


def _note(step: Step) -> str:
    name = step.key.removeprefix(f"{step.phase}/")
    return f"{name} {step.reason}" if _under_way(step) else name


def _under_way(step: Step) -> bool:
    """Applied in part, which an embedded target goes back before, so that its plan is to run it all again."""
    in_part = step.again and step.record is not None and not step.record.whole
    return in_part or step.state is StepState.PARTIAL


def _state(steps: list[Step], unsettled: list[Step]) -> str:
    first = next(iter(unsettled), None)
    in_part = next((step for step in unsettled if _under_way(step)), None) if first and first.again else None
    return str(StepState.PARTIAL) if in_part else str(first.state) if first else "applied"


def _checks(counts: dict[str, int] | None) -> str:
    if counts is None:
        return "not run"
    words = [
        f"{counts[key]} {key.replace('_', ' ')}"
        for key in ("passed", "failed", "waiting", "not_looked_at")
        if counts[key]
    ]
    return ", ".join(words) or "none"


def _last_checks(opened: Opened, head: str) -> dict[str, Any]:
    """Counts by phase of the last report, if it was of this target and of the ledger as it is now."""
    try:
        report = json.loads((Path(opened.project.root) / LAST_CHECKED).read_text("utf-8"))
        scope = report["scope"]
        if (scope["target"], scope["head"]) != (opened.target.name, head):
            return {}
        return {phase["name"]: phase["counts"] for phase in report["phases"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _table(rows: list[dict[str, str]]) -> list[str]:
    columns = ["phase", "state", "applied", "by", "checks", "note"]
    widths = {name: max([len(name), *(len(row[name]) for row in rows)]) for name in columns}
    header = {name: name for name in columns}
    return ["  ".join(row[name].ljust(widths[name]) for name in columns).rstrip() for row in (header, *rows)]
