"""Replicas that fall behind are waited for, then the backfill stops; what a role may not see is said."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, NamedTuple

import pytest
from apply_builders import failure, value
from backfill_builders import KEY, PACE, SCRIPTS, Heard, run

from nexiom_runner.apply.replicas import Lag, Replicas
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError, ServerReport


class Row(NamedTuple):
    """What replicas.sql says of one replica."""

    name: str
    state: str | None
    seconds: float
    replayed: int | None
    written: int


@dataclass
class Said:
    """A server that says of its replicas what it is told to, once a look."""

    looks: Iterator[list[Row] | ServerError]

    @property
    def server(self) -> Any:
        return type("Server", (), {"role": "deployer"})()

    def rows(self, _: object) -> list[Row]:
        found = next(self.looks)
        if isinstance(found, ServerError):
            raise found
        return found


def looks(*found: list[Row] | ServerError) -> list[Lag | None]:
    replicas, session = Replicas(clock=map(float, count(0, 10)).__next__), Said(iter(found))
    return [replicas.furthest(session) for _ in found]  # type: ignore[arg-type]


def test_replica_that_has_replayed_everything_is_not_behind() -> None:
    assert looks([Row("a", "streaming", 30.0, 100, 100)], []) == [None, None]


def test_replica_s_own_word_counts_while_it_is_behind() -> None:
    rows = [Row("a", "streaming", 3.5, 90, 100), Row("b", "streaming", 1.0, 10, 100)]
    assert looks(rows) == [Lag("a", 3.5, 10)]


def test_replica_whose_replay_stands_still_falls_behind_by_the_clock() -> None:
    paused = [[Row("a", "streaming", 0.0, 50, written)] for written in (100, 200, 200)]
    assert looks(*paused) == [Lag("a", 0.0, 50), Lag("a", 10.0, 150), Lag("a", 20.0, 150)]


def test_replica_that_replays_some_is_as_far_behind_as_what_it_lacks() -> None:
    rows = [[Row("a", "streaming", 0.0, place, place + 100)] for place in (0, 50, 100)]
    assert looks(*rows) == [Lag("a", 0.0, 100), Lag("a", 10.0, 100), Lag("a", 10.0, 100)]


def unseen(*found: list[Row] | ServerError) -> str | None:
    replicas = Replicas()
    assert replicas.furthest(Said(iter(found))) is None  # type: ignore[arg-type]
    return replicas.unseen


def test_what_a_role_may_not_see_is_said() -> None:
    hidden = Row("a", None, 0.0, None, 100)
    grant = 'role "deployer" may not see (grant pg_monitor)'
    assert unseen([hidden]) == f"how far 1 replica is behind, {grant}"
    assert unseen([hidden, hidden]) == f"how far 2 replicas are behind, {grant}"
    refused = ServerError(ServerReport("0A000", "ERROR", "not here"))
    assert unseen(refused) == "the server does not say how far replicas are behind: not here"


def test_server_without_replicas_has_none_behind(session: Session) -> None:
    replicas = Replicas()
    assert (replicas.furthest(session), replicas.unseen) == (None, None)


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> list[Lag | None]:
    """What each look finds; no replica is behind any more at its end."""
    found: list[Lag | None] = []

    def furthest(self: Replicas, session: Session) -> Lag | None:
        return found.pop(0) if found else None

    monkeypatch.setattr(Replicas, "furthest", furthest)
    monkeypatch.setattr("nexiom_runner.apply.backfill.EVERY", 0.01)
    return found


def test_backfill_waits_until_the_replica_has_caught_up(session: Session, behind: list[Lag | None]) -> None:
    behind += [Lag("eu at 10.0.0.7", 25.4, 4_000_000), Lag("eu at 10.0.0.7", 11.0, 4_000), None]
    heard = Heard()
    assert run(session, patience=heard.patience())[1].detail == "10 rows in 3 batches"
    assert heard.said == [
        f"{KEY} waits: replica eu at 10.0.0.7 is 25 s behind (4 000 000 bytes), at most 10 s are allowed"
    ]
    assert heard.slept == [0.01, 0.01]


def test_backfill_stops_where_the_replica_does_not_catch_up(session: Session, behind: list[Lag | None]) -> None:
    behind += [Lag("eu", 25.4, 4_000)]
    text = SCRIPTS[KEY].rstrip()
    assert failure(run(session, pace=replace(PACE, max_wait=0))) == (
        'error: phase "01_a" stopped: replica eu is 25 s behind (4 000 bytes)\n'
        f"  phases/01_a/backfill.sql:1:1\n    1 | {text}\n      | {'^' * len(text)}\n"
        "detail: It waited 0 s for it to be at most 10 s behind.\n"
        "state: No batch is done. No other phase is applied. Running apply again goes on with what is "
        "left.\n"
        "hint: Run apply again when it has caught up; max_lag and max_wait of `backfill:` in phase.yml say how patient "
        "it is."
    )
    assert value(session, "select count(*) from public.t where b is not null") == "0"
    assert run(session)[0].detail == "10 rows in 3 batches"


def test_replicas_are_not_asked_where_the_phase_says_so(session: Session, behind: list[Lag | None]) -> None:
    behind += [Lag("eu", 25.4, 4_000)]
    run(session, pace=replace(PACE, max_lag=0, max_wait=0))
    assert len(behind) == 1


def test_what_is_not_seen_is_said_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def furthest(self: Replicas, session: Session) -> None:
        self.unseen = "nobody knows"

    monkeypatch.setattr(Replicas, "furthest", furthest)
    monkeypatch.setattr("nexiom_runner.apply.backfill.EVERY", 0.0)
    heard = Heard()
    run(session, patience=heard.patience())
    assert heard.said == [f"{KEY} does not wait for replicas: nobody knows"]
