"""pytest as a user runs it, in a process of its own, on a project of its own."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.runner.conftest import STATES

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SETTINGS = 'name: shop\nversion: "1"\ntargets:\n  local: {embedded: true}\n'
ORDERS = """\
create table public.orders (id integer primary key, amount integer not null);
insert into public.orders values (1, 10);
"""
TOTALS = """\
create or replace function public.totals(p_least integer = 0) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_least < 0 then raise exception 'p_least must not be negative' using errcode = '22023'; end if;
  return jsonb_build_object(
    'orders', (select count(*) from public.orders where amount >= p_least),
    'who', current_setting('request.jwt.claims', true)::jsonb ->> 'sub', 'MAIL_KEY', false);
end $$;
revoke execute on function public.totals(integer) from public;
grant execute on function public.totals(integer) to anon, authenticated;
"""
PHASE = """\
title: Totals
tags: [sales]
expect:
  functions:
    totals:
      execute: [anon, authenticated]
      result: {orders: int >= 1, who: text | null, MAIL_KEY: true else pending(owner=ops)}
      calls:
        counts: {with: {}}
        only large ones: {as: anon, with: {p_least: 5}}
        a negative one is refused: {as: anon, with: {p_least: -1}, raises: 22023}
        who may: {matrix: {anon: {}, service_role: {raises: 42501}}}
"""
SCRIPT = "insert into public.orders values (2, 20);\n-- name: all\nselect count(*)::int as n from public.orders;\n"
ASSERTED = "statements:\n  all:\n    rows: 1\n    columns:\n      n: 2\n"
AUDIT = "select 'orders' as object, null::text as problem, null::text as fix;\n"


@dataclass(frozen=True)
class Ran:
    """What one run said; durations as `T`."""

    code: int
    out: str
    said: Mapping[str, Any]

    @property
    def outcomes(self) -> Mapping[str, str]:
        return dict(self.said["outcomes"])

    @property
    def modules(self) -> set[str]:
        return set(self.said["modules"])


@dataclass(frozen=True)
class Folder:
    """A folder that pytest is run in."""

    root: Path
    environ: Mapping[str, str]

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), "utf-8")

    def pytest(self, *arguments: str) -> Ran:
        record = Path(self.environ["XDG_CACHE_HOME"], "record.json")
        record.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-p", "recorder", "-W", "error", *arguments]
        environ = {**self.environ, "RECORD": str(record), "PYTHONPATH": f"{HERE}{os.pathsep}{ROOT}"}
        done = subprocess.run(command, cwd=self.root, env=environ, capture_output=True, text=True, check=False)
        said = json.loads(record.read_text("utf-8")) if record.exists() else {"outcomes": {}, "modules": []}
        return Ran(done.returncode, re.sub(r"\b[\d.]+ ?m?s\b", "T", done.stdout + done.stderr), said)

    def nexiom(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "nexiom_runner", *arguments]
        return subprocess.run(command, cwd=self.root, env=self.environ, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Nothing of the developer's own: no cache, no server, no options."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "NEXIOM_"))}
    cache = tmp_path_factory.mktemp("cache")
    return {**kept, "XDG_CACHE_HOME": str(cache), "NEXIOM_STATE_DIR": str(STATES)}


@pytest.fixture
def nowhere(tmp_path: Path, environ: dict[str, str]) -> Folder:
    """A folder without a project."""
    (tmp_path / "python").mkdir()
    return Folder(tmp_path / "python", environ)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Iterator[Folder]:
    """A project with a call, a script and an audit; its server stays up for all tests of a module."""
    made = Folder(tmp_path_factory.mktemp("shop"), environ)
    made.write("nexiom.yml", SETTINGS)
    made.write("phases/1_orders/apply.sql", ORDERS)
    made.write("phases/2_totals/phase.yml", PHASE)
    made.write("phases/2_totals/repeatable/totals.sql", TOTALS)
    made.write("tests/sql/test_orders.sql", SCRIPT)
    made.write("tests/sql/test_orders.yml", ASSERTED)
    made.write("audits/audit_orders.sql", AUDIT)
    made.nexiom("db", "start")
    yield made
    made.nexiom("db", "reset")
    shutil.rmtree(made.root, ignore_errors=True)
