"""Backfills among others: through a real pooler, by several runners at once, with a real standby that falls behind."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from apply_builders import failure, outcomes, runner, value, values
from backfill_builders import EVENTS, KEY, PACE, SCRIPTS, Heard, run
from graph_builders import graph, phase, project, source
from poolers import new_folder, started
from standbys import replicated

from nexiom_runner.apply.replicas import Replicas
from nexiom_runner.apply.run import Options, begin_apply
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.targets import open_target
from nexiom_runner.project.model import Target

pytestmark = pytest.mark.full

TOUCHED = f"{SCRIPTS['01_a/apply.sql']}alter table public.t add touched int not null default 0;"
FILL = SCRIPTS[KEY].replace("set b = a", "set b = a, touched = touched + 1")
LEFT = "select concat(count(*) filter (where b is null), ' ', min(touched), ' ', max(touched)) from public.t"
SETTINGS = "name: p\ntargets: {pooled: {dsn: {env: SHOP_DSN}}}\ndefault_target: pooled\n"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that is not there yet, and not there any more at the end."""
    made = new_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.parametrize("size", [20, 2, 1])
def test_backfill_goes_through_a_pooler_and_leaves_nothing_on_it(
    dsn: str, session: Session, folder: Path, size: int
) -> None:
    scripts = {"01_a/apply.sql": TOUCHED, KEY: FILL}
    made = graph(scripts, replace(phase("01_a"), backfill=source("x", ""), pace=PACE))
    with started(folder, dsn, size=size) as pooled:
        target = Target("pooled", dsn=pooled)
        with (
            open_target(project(), target, {}) as place,
            begin_apply(place, made, runner(place.session), {}, Options()) as applying,
        ):
            results = list(applying.results)
        with connect(pooled, application="other") as other:
            left = other.send("select current_setting('lock_timeout'), current_setting('search_path')")[0].rows
    assert outcomes(results) == [("01_a/apply.sql", "PASS"), (KEY, "PASS")]
    assert results[1].detail == "10 rows in 3 batches"
    assert value(session, LEFT) == "0 1 1"
    assert left == session.send("select current_setting('lock_timeout'), current_setting('search_path')")[0].rows


def write(root: Path, pause: str) -> None:
    for path, text in {
        "nexiom.yml": SETTINGS,
        "phases/01_a/apply.sql": TOUCHED,
        "phases/01_a/backfill.sql": FILL,
        "phases/01_a/phase.yml": f"backfill: {{batch: 2, pause: {pause}}}\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.mark.parametrize("size", [None, 2, 1])
def test_runners_at_once_change_each_row_once(
    dsn: str, session: Session, tmp_path: Path, folder: Path, size: int | None
) -> None:
    write(tmp_path, "50ms")
    with started(folder, dsn, size=size or 20) as pooled:
        environ = {**os.environ, "SHOP_DSN": pooled if size else dsn, "XDG_CACHE_HOME": str(tmp_path / "cache")}
        command = [sys.executable, "-m", "nexiom_runner", "apply", "--project-dir", str(tmp_path), "--wait", "5m"]
        pipe = subprocess.PIPE
        running = [subprocess.Popen(command, env=environ, stdout=pipe, stderr=pipe, text=True) for _ in range(4)]
        said = [each.communicate(timeout=100) for each in running]
    assert [(each.returncode, texts) for each, texts in zip(running, said, strict=True) if each.returncode] == []
    assert value(session, LEFT) == "0 1 1"
    assert [event for event in values(session, EVENTS) if event == f"{KEY} applied"] == [f"{KEY} applied"]


@pytest.fixture
def primary(folder: Path) -> Iterator[tuple[Session, Session, str]]:
    """Sessions on a primary and on its standby, and the primary's DSN."""
    with (
        replicated(folder) as (first, second),
        connect(first, application="primary") as one,
        connect(second, application="standby") as two,
    ):
        yield one, two, first


def test_backfill_stops_behind_a_standby_that_does_not_replay_and_goes_on(
    primary: tuple[Session, Session, str],
) -> None:
    session, standby, _ = primary
    standby.send("select pg_wal_replay_pause()")
    pace = replace(PACE, batch=1, pause=300, max_lag=1_000, max_wait=1_000)
    patience = replace(Heard().patience(), sleep=time.sleep)
    stopped = failure(run(session, pace=pace, patience=patience))
    assert stopped.startswith('error: phase "01_a" stopped: replica eu is ')
    assert "It waited 1 s for it to be at most 1 s behind." in stopped
    assert value(session, "select count(*) > 0 and count(*) < 10 from public.t where b is not null") == "t"
    threading.Timer(1.0, lambda: standby.send("select pg_wal_replay_resume()")).start()
    heard = Heard()
    patience = replace(heard.patience(), sleep=time.sleep)
    assert "10 rows" in (run(session, pace=replace(pace, max_wait=30_000), patience=patience)[0].detail or "")


def test_role_that_may_not_see_replicas_is_told_so(primary: tuple[Session, Session, str]) -> None:
    session, _, dsn = primary
    session.send("create role deployer login")
    replicas = Replicas()
    with connect(dsn.replace("user=postgres", "user=deployer"), application="deployer") as other:
        assert replicas.furthest(other) is None
    assert replicas.unseen == 'how far 1 replica is behind, role "deployer" may not see (grant pg_monitor)'
