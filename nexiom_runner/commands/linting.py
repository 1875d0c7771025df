"""What the rules find on an open target, as `lint`, `report` and `build` ask for it."""

from collections.abc import Sequence
from datetime import UTC, date

from nexiom_runner.apply.look import read_plan
from nexiom_runner.commands.opened import Opened
from nexiom_runner.commands.request import Request
from nexiom_runner.lint.judge import check_settings
from nexiom_runner.lint.lint import Linted, Target, lint
from nexiom_runner.plan.model import Plan
from nexiom_runner.results import Outcome, Result


def look(request: Request, opened: Opened, plan: Plan) -> Linted:
    """Every rule over the target as it stands. Raises ProjectError for a rule that is none, UnavailableError."""
    check_settings(opened.project)
    waiting = set(plan.unapplied)
    applied = [name for name in opened.graph.phases if name not in waiting]
    request.console.working("looking")
    target = Target(opened.session, applied, plan, opened.target.limits, opened.target.embedded)
    return lint(opened.project, opened.graph, target, today(request))


def findings(request: Request, opened: Opened, plan: Plan) -> Sequence[Result]:
    """For a report beside audits, which say themselves what is not applied: all but what was skipped."""
    return [one for one in look(request, opened, plan).results if one.outcome is not Outcome.SKIP]


def findings_now(request: Request, opened: Opened) -> Sequence[Result]:
    """The same for a target whose plan was carried out."""
    plan, _ = read_plan(opened.place, opened.settings.name, opened.graph)
    return findings(request, opened, plan)


def today(request: Request) -> date:
    """The day, in UTC."""
    return request.now().astimezone(UTC).date()
