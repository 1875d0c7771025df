"""`nexiom report`: check everything and write the readiness report."""

import time

import click

from nexiom_runner.commands.checked import examine
from nexiom_runner.commands.checking import prepare_checks
from nexiom_runner.commands.opened import open_prepared
from nexiom_runner.commands.prepared import prepare
from nexiom_runner.commands.reporting import code_of, fail_on_option, write_outs
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.report.as_json import render_json
from nexiom_runner.report.lines import verdict_line
from nexiom_runner.report.markdown import render_markdown
from nexiom_runner.results import Outcome


@click.command(short_help="Check all and write the readiness report")
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", help="Language of the Markdown.")
@fail_on_option
@with_request
def command(request: Request, lang: str, fail_on: frozenset[Outcome]) -> int:
    """Audit and test everything on the target, and print the readiness report as Markdown (or --format json).

    With --out the report goes to files, and stdout has the verdict.

    \b
    nexiom report --target staging --out markdown=readiness.md
    nexiom report --lang fr > etat.md
    """
    return report(request, lang, fail_on)


def report(request: Request, language: str, fail_on: frozenset[Outcome]) -> int:
    """0, or 1 when something failed, was not looked at or is not applied."""
    begun = time.monotonic()
    prepared = prepare(request)
    checks = prepare_checks(prepared)
    with open_prepared(request, prepared) as opened:
        readiness = examine(request, opened, checks, shown=False, rules=True)
    if request.outs:
        write_outs(request, readiness, language)
        seconds = time.monotonic() - begun
        request.say(verdict_line(readiness, seconds))
    else:
        text = render_json(readiness) if request.format == "json" else render_markdown(readiness, language)
        request.console.out(text.rstrip("\n"))
    return code_of(readiness, fail_on)
