"""Through a real pgbouncer in transaction mode: locks, many runners at once, nothing left on pooled connections."""

import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from apply_builders import PROJECT, failure, outcomes, runner, value, values
from graph_builders import graph, project
from poolers import new_folder, started

from nexiom_runner.apply.run import Options, begin_apply
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.targets import open_target
from nexiom_runner.errors import NexiomError
from nexiom_runner.project.model import Limits, Target
from nexiom_runner.results import Result

pytestmark = pytest.mark.full

PHASES = {f"{n:02}_p/apply.sql": f"create table public.t{n} as select {n} as n;" for n in range(1, 51)}
Pooler = Callable[[int], str]
NAMES = (
    "search_path",
    "TimeZone",
    "lock_timeout",
    "statement_timeout",
    "role",
    "work_mem",
    "nexiom.left",
    "nexiom.run",
)
SETTING = "select " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in NAMES)
OTHERS = "from pg_stat_activity where pid <> pg_backend_pid() and usename = current_user"
SETTINGS = """\
name: shop
targets: {pooled: {dsn: {env: SHOP_DSN}}}
default_target: pooled
"""


@pytest.fixture
def pooler(dsn: str) -> Iterator[Pooler]:
    """Starts a pgbouncer with a pool of some size."""
    with ExitStack() as stack:

        def start(size: int) -> str:
            folder = new_folder()
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            return stack.enter_context(started(folder, dsn, size=size))

        yield start


def go(dsn: str, scripts: dict[str, str], said: list[str] | None = None, limits: Limits | None = None) -> list[Result]:
    options = Options(said=(said if said is not None else []).append)
    with (
        open_target(project(), Target("pooled", dsn=dsn, limits=limits or Limits()), {}) as place,
        begin_apply(place, graph(scripts), runner(place.session), {}, options) as applying,
    ):
        return list(applying.results)


def applied(session: Session) -> list[tuple[str | None, ...]]:
    """How often each phase is applied, that it is not exactly once."""
    text = "select phase, count(*) from nexiom.ledger where event = 'applied' group by 1 having count(*) <> 1"
    return list(session.send(text)[0].rows)


@pytest.mark.parametrize("size", [20, 2])
def test_lock_has_a_connection_of_its_own(pooler: Pooler, session: Session, size: int) -> None:
    said: list[str] = []
    assert len(go(pooler(size), PHASES, said)) == 50
    assert said == []
    assert value(session, "select count(*) from nexiom.ledger") == "50"


def test_pool_of_one_takes_the_lock_in_each_transaction_and_says_so(pooler: Pooler, session: Session) -> None:
    said: list[str] = []
    assert len(go(pooler(1), PHASES, said)) == 50
    assert said == ["the pooler has one connection: the lock is taken in each transaction, not for the whole run"]
    assert value(session, "select count(*) from nexiom.ledger") == "50"


def test_second_runner_behind_the_pooler_waits_for_the_first(pooler: Pooler) -> None:
    dsn = pooler(20)
    with (
        open_target(project(), Target("pooled", dsn=dsn), {}) as first,
        begin_apply(first, graph(PHASES), runner(first.session), {}),
        open_target(project(), Target("pooled", dsn=dsn), {}) as second,
        pytest.raises(NexiomError) as caught,
        begin_apply(second, graph(PHASES), runner(second.session), {}, Options(wait=0.0)),
    ):
        pass
    holder = r"role nexiom_owner, nexiom on \S+ from this machine, since \d\d:\d\d:\d\d UTC"
    assert re.fullmatch(f'another runner is at work on project "{PROJECT}": {holder}', caught.value.faults[0].message)


@pytest.mark.parametrize("size", [20, 2, 1])
def test_nothing_is_left_on_pooled_connections(pooler: Pooler, session: Session, size: int) -> None:
    dsn = pooler(size)
    text = "set local work_mem = '9MB'; select set_config('nexiom.left', 'x', false); create table public.a ();"
    bad = "set local role anon; select set_config('search_path', 'nowhere', false); select 1 / 0;"
    assert outcomes(go(dsn, {"01_a/apply.sql": text, "02_b/apply.sql": bad}))[1][1] == "FAIL"
    assert on_each_connection(dsn, size) == {session.send(SETTING)[0].rows[0]}
    assert values(session, "select locktype from pg_locks where locktype = 'advisory'") == []


def on_each_connection(dsn: str, size: int) -> set[tuple[str | None, ...]]:
    """What is set on the server connections of the pool."""
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(dsn, application="other")) for _ in range(size)]
        for client in clients:
            client.send("begin")  # each has a server connection of its own
        left = {client.send(SETTING)[0].rows[0] for client in clients}
        for client in clients:
            client.send("rollback")
    return left


@contextmanager
def busy(dsn: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Other clients of the pool: before each message of a run one takes the connection that had the last one, and keeps
    it for a few."""
    send = Session.send
    with ExitStack() as stack:
        others = deque(stack.enter_context(connect(dsn, application="other")) for _ in range(5))

        def elsewhere(self: Session, *arguments: Any, **named: Any) -> Any:
            if self not in others:
                others.rotate()
                send(others[0], "begin")
                send(others[-1], "rollback")
            return send(self, *arguments, **named)

        monkeypatch.setattr(Session, "send", elsewhere)
        yield
        monkeypatch.undo()
        for other in others:  # else the pooler would throw their connections away
            other.send("rollback")


def sixteen(tmp_path: Path, dsn: str, count: int = 16, phases: int = 50) -> list[tuple[int, str, str]]:
    """As many runners started together on as many phases: exit code, stdout and stderr of each."""
    (tmp_path / "nexiom.yml").write_text(SETTINGS)
    for key, text in list(PHASES.items())[:phases]:
        path = tmp_path / "phases" / key
        path.parent.mkdir(parents=True)
        path.write_text(text + "\n")
    environ = {**os.environ, "SHOP_DSN": dsn, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "nexiom_runner", "apply", "--project-dir", str(tmp_path), "--wait", "5m"]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, env=environ, stdout=pipe, stderr=pipe, text=True) for _ in range(count)]
    said = [each.communicate(timeout=100) for each in running]
    return [(each.returncode, *texts) for each, texts in zip(running, said, strict=True)]


@pytest.mark.parametrize("size", [None, 20, 2])
def test_sixteen_runners_apply_each_phase_once(
    dsn: str, pooler: Pooler, session: Session, tmp_path: Path, size: int | None
) -> None:
    ran = sixteen(tmp_path, pooler(size) if size else dsn)
    assert [(code, err) for code, _, err in ran if code != 0] == []
    assert applied(session) == []
    assert value(session, "select count(*) from nexiom.ledger where event = 'applied'") == "50"


def test_runners_behind_a_pool_of_one_apply_each_phase_once(pooler: Pooler, session: Session, tmp_path: Path) -> None:
    ran = sixteen(tmp_path, pooler(1))
    assert [(code, err) for code, _, err in ran if code != 0] == []
    assert applied(session) == []
    assert value(session, "select count(*) from nexiom.ledger where event = 'applied'") == "50"


def test_pooled_target_with_a_direct_dsn_holds_its_lock_there(pooler: Pooler, dsn: str, session: Session) -> None:
    said: list[str] = []
    target = replace(Target("pooled", dsn=pooler(1)), direct_dsn=dsn)
    with (
        open_target(project(), target, {}) as place,
        begin_apply(place, graph(PHASES), runner(place.session), {}, Options(said=said.append)) as applying,
    ):
        assert len(list(applying.results)) == 50
    assert said == []


LONE = {
    "01_a/apply.sql": "create table public.t (a int);\ninsert into public.t select generate_series(1, 99);\n",
    "02_b/apply.sql": "create index concurrently i on t (a);\nvacuum t;\nreindex index concurrently i;\n",
    "03_c/apply.sql": "drop index concurrently i;\n",
}


@pytest.mark.parametrize("size", [20, 2, 1])
def test_statements_outside_a_transaction_leave_nothing_on_pooled_connections(
    pooler: Pooler, session: Session, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn = pooler(size)
    plain = session.send(SETTING)[0].rows[0]
    with busy(dsn, monkeypatch) if size > 2 else nullcontext():  # else the lock's and the run's are all there are
        assert {outcome for _, outcome in outcomes(go(dsn, LONE))} == {"PASS"}
    assert on_each_connection(dsn, size) == {plain}
    assert values(session, "select relname from pg_class where relname = 'i'") == []


def test_name_that_the_pooler_takes_otherwise_is_refused(
    pooler: Pooler, session: Session, admin_session: Session, database: str
) -> None:
    dsn = pooler(2)
    go(dsn, {"01_a/apply.sql": LONE["01_a/apply.sql"]})
    admin_session.send(f'alter role nexiom_owner in database "{database}" set search_path = nexiom')
    session.send(f"select pg_terminate_backend(pid, 5000) {OTHERS} and datname = current_database()")
    told = failure(go(dsn, LONE))
    assert told == (
        'error: phase "02_b" stopped: "create index i on t" says "t" without a schema, behind a pooler\n'
        "  phases/02_b/apply.sql:1:1\n"
        "    1 | create index concurrently i on t (a);\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "detail: It runs outside a transaction, where nothing can be set for it alone, and the search_path of the "
        "pooler's connections finds another one there than `public, extensions` does.\n"
        "state: What statement 1 of 3 left, which runs outside a transaction, is looked for by the next apply. "
        "1 phase applied before it remains applied. Running apply again is safe.\n"
        "hint: Write the schema, or name a direct_dsn for the target."
    )
    whole = {key: re.sub(r"\b(t|i)\b(?! on)", r"public.\1", text) for key, text in LONE.items() if key[0:2] != "01"}
    said = go(dsn, {"01_a/apply.sql": LONE["01_a/apply.sql"], **whole})
    assert {outcome for _, outcome in outcomes(said)} == {"PASS"}


def test_statement_behind_a_pooler_that_waits_for_a_lock_is_cancelled(pooler: Pooler, dsn: str) -> None:
    pooled, said = pooler(20), list[str]()
    go(pooled, {"01_a/apply.sql": LONE["01_a/apply.sql"]})
    with connect(dsn, application="shop") as shop:
        shop.send("begin; lock table public.t")
        results = go(pooled, LONE, said, limits=Limits(lock_timeout=300, retries=1))
    assert outcomes(results)[0] == ("02_b/apply.sql", "FAIL")
    assert "Tried 2 times; the last time it waited 0.3 s for a lock held by role nexiom_owner, shop" in failure(results)
    assert [line[:48] for line in said] == ['phase "02_b" waited 0.3 s for a lock held by rol']
