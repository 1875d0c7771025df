"""`nexiom plan`: what apply would do, and why."""

import json
import re
from collections.abc import Callable
from importlib import import_module

import click

from nexiom_runner.apply.ledger import History
from nexiom_runner.apply.look import read_plan
from nexiom_runner.apply.move import told_move
from nexiom_runner.apply.outside import Outside, find_outside, outside_data, outside_lines
from nexiom_runner.apply.planned import find_backfills
from nexiom_runner.commands.completing import complete_phase
from nexiom_runner.commands.opened import Opened, open_project
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.errors import Fault, describe
from nexiom_runner.plan.data import plan_data
from nexiom_runner.plan.hazards import hazards
from nexiom_runner.plan.model import Plan
from nexiom_runner.plan.problems import faults, warnings
from nexiom_runner.report.plans import plan_lines, todo_line
from nexiom_runner.report.words import moment


@click.command(short_help="Show what apply would do and why; touches nothing")
@click.option("--to", metavar="PHASE", shell_complete=complete_phase, help="Stop behind this phase.")
@click.option("--check", is_flag=True, help="Exit with 1 when there is anything to do.")
@with_request
def command(request: Request, to: str | None, check: bool) -> int:
    """Print each step with its reason. Nothing is changed.

    Exits with 0 whatever it finds; with --check with 1 where anything is to do or to settle first.

    \b
    nexiom plan --target staging
    nexiom plan --check --target production
    """
    return plan(request, to, check=check)


def plan(request: Request, to: str | None = None, *, check: bool = False) -> int:
    """0; with `check` 1 when anything would run or must be settled first."""
    with open_project(request) as opened:
        found, history = read_plan(opened.place, opened.settings.name, opened.graph, to=to)
        note = told_move(history, opened.session, opened.target)
        if note:
            request.say(f"note: {note}")
        if request.format == "json":
            data = plan_data(found, opened.graph.destructive, note)
            data["backfills"] = [one.data() for one in find_backfills(opened.session, found, opened.graph)]
            outside = _outside(opened, found)
            data["outside_a_transaction"] = outside_data(outside, direct=_own(opened, outside))
            data["rules"] = [_data(fault) for fault in _weighed(request, opened, found)]
            request.console.out(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            _show(request, opened, found, history)
    return int(check and found.anything_to_do)


def _show(request: Request, opened: Opened, found: Plan, history: History) -> None:
    for fault in warnings(found, opened.target_named):
        request.say(describe(fault, "warning"))
    if not found.anything_to_do:
        request.say(todo_line(found, opened.target.name, request.now()))
        return
    request.say(f"{opened.settings.name} → {opened.target.name} ({opened.place.how})")
    request.say(_last(history))
    request.say("")
    for fault in () if opened.target.embedded else faults(found, opened.target_named):
        request.say(describe(fault) + "\n")
    for fault in hazards(found, opened.graph.destructive) if found.todo and not opened.target.embedded else ():
        request.say(describe(fault, "hazard") + "\n")
    for fault in _weighed(request, opened, found):
        request.say(describe(fault, "hazard") + "\n")
    backfills = {one.script: one.manner for one in find_backfills(opened.session, found, opened.graph)}
    for line in plan_lines(found, opened.target.name, backfills):
        request.say(line)
    outside = () if opened.target.embedded else _outside(opened, found)
    for line in outside_lines(outside, direct=_own(opened, outside)):
        request.say(f"note: {line}")


def _weighed(request: Request, opened: Opened, found: Plan) -> tuple[Fault, ...]:
    """What the rules find in what would run, with the target's sizes; nothing of a disposable target."""
    statements = (one.statement.text for step in found.todo for one in step.statements)
    if opened.target.embedded or not any(map(_MAY_LOCK.search, statements)):
        return ()
    hazards_of: Callable[..., tuple[Fault, ...]] = import_module("nexiom_runner.commands.linting").plan_hazards
    return hazards_of(request, opened, found)


# What can lock, rewrite or take away what is there; for a plan without any of it no parser is met.
_MAY_LOCK = re.compile(r"\b(?:alter|drop|index|vacuum|cluster|reindex|refresh)\b", re.IGNORECASE)


def _data(fault: Fault) -> dict[str, str | None]:
    return {"place": str(fault.place) if fault.place else None, "message": fault.message, "hint": fault.hint}


def _outside(opened: Opened, found: Plan) -> tuple[Outside, ...]:
    return find_outside(found, opened.target.limits, lambda: opened.project.phases)


def _own(opened: Opened, outside: tuple[Outside, ...]) -> bool:
    """Whether these have a connection that no pooler gives to others; looked for where there is one of them."""
    return bool(outside) and (opened.target.embedded or opened.place.direct_dsn is not None)


def _last(history: History) -> str:
    last = history.state.last_whole
    if last is None:
        return f"nothing is applied{' whole' if history.state.last else ''} yet"
    by = f" by {last.by}" if last.by else ""
    return f"last applied {last.phase}, {moment(last.at)}{by}"
