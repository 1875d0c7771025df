"""A target is opened by what it says: a server of its own, or a DSN."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexiom_runner.database.clones import drop_database
from nexiom_runner.database.process import answers
from nexiom_runner.database.session import Session
from nexiom_runner.database.targets import open_target
from nexiom_runner.errors import TargetError, describe
from nexiom_runner.project.load import load_project
from nexiom_runner.project.model import Project, Target
from tests.runner.database.conftest import ENGINES, Home, admin, eventually

LOCAL = Target("local", embedded=True, engine=ENGINES[0])


@pytest.fixture
def project(one_home: Home) -> Iterator[Project]:
    (one_home.root / "phases" / "01_a").mkdir(parents=True)
    (one_home.root / "phases" / "01_a" / "apply.sql").write_text("create table a ();\n")
    (one_home.root / "nexiom.yml").write_text('name: p\nversion: "1"\ntargets:\n  local: {embedded: true}\n')
    return load_project(Path(one_home.root))


def test_an_embedded_target_starts_its_server_and_lets_go_of_it(project: Project, one_home: Home) -> None:
    with open_target(project, LOCAL, one_home.environ) as opened:
        assert opened.session.server.role == "nexiom_owner"
        assert opened.how.startswith("embedded PostgreSQL 18.")
        assert opened.how.endswith(" s")
    assert eventually(lambda: not answers(one_home.state))


def test_a_server_that_ran_already_is_said_to(project: Project, one_home: Home) -> None:
    with one_home.start() as running, open_target(project, LOCAL, one_home.environ) as opened:
        assert opened.how == f"embedded PostgreSQL {running.version}, already running"


def test_a_dsn_is_connected_to(project: Project, dsn: str) -> None:
    with open_target(project, Target("staging", dsn=dsn), {}) as opened:
        server = opened.session.server
        assert opened.running is None
        assert opened.how == f"{server.host}/{server.database}, PostgreSQL {server.version}, role nexiom_owner"


def test_a_target_without_a_dsn_is_not_just_any_database(project: Project) -> None:
    with pytest.raises(TargetError) as caught:
        open_target(project, Target("staging", dsn=" "), {})
    assert describe(caught.value.faults[0]) == 'error: target "staging" has no DSN'


def test_what_the_server_says_has_its_secrets_taken_out(project: Project, dsn: str) -> None:
    target = Target("staging", dsn=dsn)
    with open_target(project, target, {}, redact=lambda text: text.replace("hunter2", "…")) as opened:
        opened.session.send("do $$ begin raise notice 'hunter2'; end $$")
        assert opened.session.notices[0].message == "…"


def test_the_database_goes_back_with_a_new_session(project: Project, one_home: Home) -> None:
    with open_target(project, LOCAL, one_home.environ) as opened:
        opened.session.send("create table t ()")
        opened.store_state("one")
        opened.session.send("create table u ()")
        assert opened.newest_state(["two", "one"]) == "one"
        opened.restore_state("one")
        assert tables(opened.session) == ["t"]
        opened.reset_database()
        assert tables(opened.session) == []


def tables(session: Session) -> list[str | None]:
    (found,) = session.send("select relname from pg_class where relnamespace = 'public'::regnamespace")
    return [row[0] for row in found.rows]


def test_a_database_that_is_gone_is_made(project: Project, one_home: Home) -> None:
    with one_home.start() as running, admin(running) as session:
        drop_database(session, "nexiom")
        with open_target(project, LOCAL, one_home.environ) as opened:
            assert tables(opened.session) == []


def test_states_are_only_for_embedded_targets(project: Project, dsn: str) -> None:
    with open_target(project, Target("staging", dsn=dsn), {}) as opened, pytest.raises(RuntimeError) as caught:
        opened.store_state("one")
    assert str(caught.value) == 'target "staging" is not embedded: it has no stored states'


def test_a_server_that_cannot_be_used_is_let_go_of(
    project: Project, one_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Session:
        raise TargetError("no")

    monkeypatch.setattr("nexiom_runner.database.targets._connect_embedded", refuse)
    with pytest.raises(TargetError):
        open_target(project, LOCAL, {**os.environ, **one_home.environ})
    assert eventually(lambda: not answers(one_home.state))
