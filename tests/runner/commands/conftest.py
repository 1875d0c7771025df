"""A small project on disk and the command line run in this process: what it prints, and its exit code."""

import os
import re
import shutil
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from nexiom_runner.apply.who import SERVICES
from nexiom_runner.cli.border import run

SETTINGS = """\
name: shop
version: "1"
schemas: [public]
vars: {region: eu}
secrets: [SHOP_KEY]
default_target: local
targets:
  local: {embedded: true}
  staging: {dsn: {env: SHOP_DSN}}
  production: {dsn: {env: SHOP_DSN}, protected: true}
"""
ORDERS = """\
create table public.orders (id integer primary key, amount integer not null);
insert into public.orders values (1, 10);
"""
TOTALS = """\
create or replace function public.totals() returns jsonb language sql stable as $$
  select jsonb_build_object('orders', count(*)) from public.orders
$$;
"""
EXPECTED_TOTALS = """\
title: Totals
owner: sales
expect:
  functions:
    totals:
      arguments: {}
      returns: jsonb
      result: {orders: int >= 1}
      calls:
        counts: {with: {}}
"""
_VOLATILE = (
    (r"\d+(?:\.\d+)? m?s\b", "T"),
    (r"\(/\S+/test_\d+, PostgreSQL [\d.]+, role nexiom_owner\)", "(DATABASE)"),
    (r"\(embedded PostgreSQL [\d.]+, (started in T|already running)\)", "(EMBEDDED)"),
    (r"20\d\d-\d\d-\d\d \d\d:\d\d", "NOW"),
)
_WORLD = ("NEXIOM_TARGET", "NEXIOM_DSN", "SHOP_KEY", "PGPASSWORD", "PGSERVICE", "PGDATABASE", "PGHOST", "PGUSER")


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command said; durations read as `T`, moments as `NOW`, the tests' own server as `DATABASE`."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> tuple[int, str, str]:
        return self.code, self.out, self.err


@dataclass(frozen=True, slots=True)
class Shop:
    """A project in a folder that is the current one."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), "utf-8")

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def remove(self, path: str) -> None:
        whole = self.root / path
        shutil.rmtree(whole) if whole.is_dir() else whole.unlink()

    def run(self, *arguments: str) -> Ran:
        """Run one command in this process."""
        self.capture.readouterr()
        code = run(arguments)
        said = self.capture.readouterr()
        return Ran(code, _settled(said.out), _settled(said.err))


def _settled(text: str) -> str:
    for pattern, word in _VOLATILE:
        text = re.sub(pattern, word, text)
    return text


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    """Two phases that build; nothing of the developer's own environment reaches them."""
    for name in (*_WORLD, *(variables[0] for variables in SERVICES)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NEXIOM_STATE_DIR", str(tmp_path / "states"))
    monkeypatch.setenv("LOGNAME", "tester")
    made = Shop(tmp_path / "shop", capsys)
    made.write("nexiom.yml", SETTINGS)
    made.write("phases/1_orders/apply.sql", ORDERS)
    made.write("phases/2_totals/phase.yml", EXPECTED_TOTALS)
    made.write("phases/2_totals/repeatable/totals.sql", TOTALS)
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def staging(shop: Shop, dsn: str, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The project with a database of its own behind `staging` and `production`; `staging` is the target.

    As in a hardened database, a function is its owner's alone until it is granted.
    """
    with psycopg.connect(dsn) as connection:
        connection.execute("alter default privileges revoke execute on functions from public")
    monkeypatch.setenv("SHOP_DSN", dsn)
    monkeypatch.setenv("NEXIOM_TARGET", "staging")
    return shop


@pytest.fixture
def local(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The project on the embedded server, which leaves nothing behind."""
    shm = Path("/dev/shm")
    states = Path(tempfile.mkdtemp(prefix="nexiom-", dir=shm if shm.is_dir() else None))
    states.chmod(0o755)
    monkeypatch.setenv("NEXIOM_STATE_DIR", str(states))
    yield shop
    shop.run("db", "reset")
    shutil.rmtree(states, ignore_errors=True)


@pytest.fixture
def who(shop: Shop) -> str:
    """The user that the ledger names."""
    return os.environ["LOGNAME"]
