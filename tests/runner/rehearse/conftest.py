"""Statements run where a test may look at what each did."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from apply_builders import unchanged
from graph_builders import graph

from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.database.session import Session
from nexiom_runner.ledger.fold import EMPTY
from nexiom_runner.plan.make import make_plan
from nexiom_runner.rehearse.budget import Budget
from nexiom_runner.rehearse.doubts import Doubts
from nexiom_runner.rehearse.model import Effects, RehearsedScript
from nexiom_runner.rehearse.run import Rehearsing, rehearse
from nexiom_runner.rehearse.target import Size
from nexiom_runner.rehearse.trace import Tracer

NOW = datetime(2026, 11, 22, 15, 10, tzinfo=UTC)
SIZES = {"public.orders": Size(2_100_000, 480 * 2**20), "public.customers": Size(100, 8_192)}
SETUP = """\
create table public.customers (id integer primary key, name text);
create table public.orders (id integer primary key, customer integer, amount integer not null, note text);
create index orders_note on public.orders (note);
"""
Measure = Callable[..., Effects]
Rehearse = Callable[..., list[RehearsedScript]]


@pytest.fixture
def shop(session: Session) -> Session:
    """Two tables that are there before anything is measured."""
    session.send(SETUP)
    return session


@pytest.fixture
def measure(shop: Session) -> Measure:
    """What the last of some statements did, all in one transaction, which is rolled back."""

    def measured(*statements: str) -> Effects:
        tracer = Tracer(SIZES)
        tracer.read(shop)
        with shop.transaction(rollback=True):
            tracer.begin(shop)
            *_, last = [_one(tracer, shop, statement) for statement in statements]
        return last

    return measured


def _one(tracer: Tracer, session: Session, statement: str) -> Effects:
    with session.savepoint():
        sent = session.send(statement)
    return tracer.look(session, sent[-1].tag)


@pytest.fixture
def go(shop: Session) -> Rehearse:
    """Rehearse scripts by key on the test's database; with `within` (milliseconds) in one transaction rolled back."""

    def rehearsed(scripts: dict[str, str], doubts: Doubts | None = None, within: int = 0) -> list[RehearsedScript]:
        made = graph(scripts)
        plan = make_plan(made, EMPTY)
        budget = Budget(within) if within else None
        run = Rehearsing(
            shop, made, Tracer(SIZES), Patience(), unchanged, doubts or Doubts(), "Nothing was changed.", budget
        )
        if budget is None:
            return list(rehearse(run, plan))
        with shop.transaction(rollback=True):
            return list(rehearse(run, plan))

    return rehearsed
