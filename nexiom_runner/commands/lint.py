"""`nexiom lint`: what is wrong with the database, the scripts and the plan, without any expectation."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

import click

from nexiom_runner import __version__
from nexiom_runner.apply.look import read_plan
from nexiom_runner.commands.linting import look
from nexiom_runner.commands.opened import open_prepared
from nexiom_runner.commands.prepared import Prepared, prepare
from nexiom_runner.commands.reporting import fail_on_option, placed_forms, write_forms
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.errors import TargetError, UnavailableError
from nexiom_runner.lint.judge import check_settings
from nexiom_runner.lint.lint import Linted, lint
from nexiom_runner.lint.rule import all_rules, levels_of
from nexiom_runner.project.targets import DSN_VARIABLE, TARGET_VARIABLE
from nexiom_runner.report.lint import LintReport, lint_lines, rule_lines
from nexiom_runner.report.lint_forms import render_lint_json, render_lint_junit, render_lint_markdown
from nexiom_runner.results import Outcome, exit_code


@click.command(short_help="Find what is wrong without being told what is right")
@click.option("--offline", is_flag=True, help="Ask no server: the rules on the scripts alone.")
@click.option("--rules", "only_rules", is_flag=True, help="List the rules and what each counts as here.")
@fail_on_option
@with_request
def command(request: Request, offline: bool, only_rules: bool, fail_on: frozenset[Outcome]) -> int:
    """Look at the catalog, the scripts and what would run, read-only, with rules for security and performance.

    Exits with 1 where a rule of level error finds something or could not look. What may be so is waived in
    nexiom.yml, with a reason, an owner and a last day.

    \b
    nexiom lint
    nexiom lint --target production --out sarif=target/lint.sarif
    """
    return list_rules(request) if only_rules else run_lint(request, fail_on, offline=offline)


def list_rules(request: Request) -> int:
    """Print every rule. 0."""
    prepared = prepare(request)
    check_settings(prepared.project)
    levels = levels_of((one.rule.value, one.level) for one in prepared.project.rules)
    for line in rule_lines(all_rules().values(), levels):
        request.console.out(line)
    return 0


def run_lint(request: Request, fail_on: frozenset[Outcome], *, offline: bool = False) -> int:
    """0, or 1 when a rule of level error found something or could not look. Changes nothing."""
    begun = time.monotonic()
    prepared = _without_connection(request) if offline else prepare(request)
    check_settings(prepared.project)
    report = _offline(request, prepared) if offline else _online(request, prepared)
    code = exit_code(report.results, fail_on=fail_on)
    for line in lint_lines(report, time.monotonic() - begun, failed=bool(code)):
        request.say(line)
    if request.format == "json":
        request.console.out(render_lint_json(report).rstrip("\n"))
    _write(request, report)
    return code


def _write(request: Request, report: LintReport) -> None:
    renderers: dict[str, Callable[[], str]] = {
        "junit": lambda: render_lint_junit(report),
        "json": lambda: render_lint_json(report),
        "markdown": lambda: render_lint_markdown(report),
        **placed_forms(request, report.results, f"{report.project}/{report.target}/lint"),
    }
    write_forms(request, renderers)


def _online(request: Request, prepared: Prepared) -> LintReport:
    """With the target; where it was not named and cannot be reached, without it, and that is said."""
    with ExitStack() as open_things:
        try:
            opened = open_things.enter_context(open_prepared(request, prepared))
        except UnavailableError as error:
            if _named(request):
                raise
            return _offline(request, prepared, error.faults[0].message)
        plan, _ = read_plan(opened.place, opened.settings.name, opened.graph)
        looked = look(request, opened, plan)
        return _report(request, prepared, looked, server=opened.session.server.version)


def _offline(request: Request, prepared: Prepared, unreachable: str | None = None) -> LintReport:
    looked = lint(prepared.project, prepared.graph, None, request.today, unreachable=unreachable)
    return _report(request, prepared, looked)


def _without_connection(request: Request) -> Prepared:
    """The project for a target whose DSN may be known elsewhere alone, as in CI of a pull request."""
    try:
        return prepare(request)
    except TargetError:
        named = {TARGET_VARIABLE: request.target} if request.target else {}
        environ = {**request.environ, **named, DSN_VARIABLE: "nobody connects"}
        return prepare(replace(request, target=None, environ=environ))


def _named(request: Request) -> bool:
    """Whether somebody asked for this very target."""
    return bool(request.target or any(request.environ.get(name) for name in (TARGET_VARIABLE, DSN_VARIABLE)))


def _report(request: Request, prepared: Prepared, looked: Linted, server: str | None = None) -> LintReport:
    return LintReport(
        project=prepared.settings.name,
        target=prepared.target.name,
        checked_at=request.now().isoformat(timespec="seconds"),
        runner=__version__,
        results=looked.results,
        rules=looked.rules,
        statements=sum(len(script.statements) for script in prepared.graph.scripts),
        unparsed=looked.unparsed,
        objects=looked.objects,
        server=server,
    )
