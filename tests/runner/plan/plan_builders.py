"""Histories in a few words."""

from dataclasses import replace
from typing import Any

from graph_builders import graph, phase

from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.entry import Entry, Event, Where, Who
from nexiom_runner.ledger.fold import State, fold
from nexiom_runner.plan.make import make_plan
from nexiom_runner.plan.model import Plan

CORE = "create table public.core (id int);"
LEADS = "create table public.leads (id int);"
VIEW = "create or replace view public.v as select id from public.core;"
SCRIPTS = {
    "01_core/apply.sql": CORE,
    "01_core/repeatable/v.sql": VIEW,
    "02_leads/apply.sql": LEADS,
}
AT = "2026-11-20T14:02:00.000000Z"
BASE = Entry(Event.APPLIED, "p", AT, "0.1", Who("deployer", "ada"), Where("d", 1, "2", "t"))


def entries(made: Graph, count: int | None = None) -> list[Entry]:
    """What an undisturbed run of the first `count` scripts writes."""
    return [
        replace(
            BASE,
            phase=script.phase,
            script=script.key,
            kind=script.kind,
            source=script.source_sha,
            semantic=script.semantic_sha,
        )
        for script in made.scripts[:count]
    ]


def applied(scripts: dict[str, str] = SCRIPTS, count: int | None = None) -> State:
    return fold(entries(graph(scripts), count))


def plan(
    state: State, scripts: dict[str, str] = SCRIPTS, *, renamed: dict[str, str] | None = None, **options: Any
) -> Plan:
    phases = [phase(new, renamed_from=old) for new, old in (renamed or {}).items()]
    return make_plan(graph(scripts, *phases), state, **options)


def states(made: Plan) -> dict[str, str]:
    return {step.key: step.state.value for step in made.steps}


def reasons(made: Plan) -> dict[str, str]:
    return {step.key: step.reason for step in made.steps}
