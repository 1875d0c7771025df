"""What the rules find on an open target, as `lint`, `report` and `build` ask for it."""

from collections.abc import Sequence

from nexiom_runner.apply.look import read_plan
from nexiom_runner.commands.opened import Opened
from nexiom_runner.commands.request import Request
from nexiom_runner.errors import Fault
from nexiom_runner.lint.judge import check_settings, judge
from nexiom_runner.lint.lint import Linted, Target, lint, look_at_plan
from nexiom_runner.lint.places import Places
from nexiom_runner.lint.rule import all_rules, levels_of
from nexiom_runner.plan.model import Plan
from nexiom_runner.report.failures import failures
from nexiom_runner.results import Outcome, Result


def look(request: Request, opened: Opened, plan: Plan) -> Linted:
    """Every rule over the target as it stands. Raises ProjectError for a rule that is none, UnavailableError."""
    check_settings(opened.project)
    request.console.working("looking")
    target = Target(opened.session, opened.applied(plan), plan, opened.target.limits, opened.target.embedded)
    return lint(opened.project, opened.graph, target, request.today)


def findings(request: Request, opened: Opened, plan: Plan) -> Sequence[Result]:
    """For a report beside audits, which say themselves what is not applied: all but what was skipped."""
    return [one for one in look(request, opened, plan).results if one.outcome is not Outcome.SKIP]


def findings_now(request: Request, opened: Opened) -> Sequence[Result]:
    """The same for a target whose plan was carried out, told to who builds."""
    plan, _ = read_plan(opened.place, opened.settings.name, opened.graph)
    found = findings(request, opened, plan)
    if told := failures(one for one in found if one.phase):  # what is of no phase is told at the end
        request.fail("\n" + "\n\n".join(told))
    return found


def plan_hazards(request: Request, opened: Opened, plan: Plan) -> tuple[Fault, ...]:
    """What the rules find in a plan, as its printer shows it; nothing is asked where nothing would run.

    What is waived or switched off is left out. Raises UnavailableError.
    """
    if not plan.todo:
        return ()
    project = opened.project
    check_settings(project)
    levels = levels_of((one.rule.value, one.level) for one in project.rules)
    looking = Target(opened.session, (), plan, opened.target.limits, opened.target.embedded)
    found, could_not = look_at_plan(project, looking, levels)
    if could_not is not None:
        return (Fault(could_not),)
    results = judge(found, project, Places(opened.graph.scripts), levels, request.today, ())
    return tuple(_fault(one) for one in results if one.outcome in (Outcome.FAIL, Outcome.WARN) and _is_hazard(one))


def _is_hazard(result: Result) -> bool:
    """What a plan does to others; what else a rule says of it is for `lint`."""
    rule = all_rules().get(result.attribute or "")
    return rule is not None and rule.pack == "hazard"


def _fault(result: Result) -> Fault:
    hint = f"{result.fix} ({result.attribute})" if result.fix else None
    return Fault(f"{result.subject}: {result.message}", result.place, result.excerpt, result.width, hint=hint)
