"""The reference project with a phase more: measured on a copy, every audit of it made there, the target untouched."""

import os
import re
import shutil
from pathlib import Path

import psycopg
import pytest

from nexiom_runner.cli.border import run
from nexiom_runner.database.embedded import Running

pytestmark = pytest.mark.full
ROOT = Path(__file__).parents[3]
PARTS = ("phases", "audits", "macros", "fixtures")
PHASE = """\
alter table messages alter column media_url type text using trim(media_url);
alter table messages add column archived_at timestamptz default clock_timestamp();
create index concurrently messages_archived on messages (archived_at);
drop view if exists nothing_of_that_name;
"""
ITSELF = "select md5(string_agg(c::text, ',' order by oid)) from pg_class as c where c.oid >= 16384"


@pytest.fixture
def studio(tmp_path: Path, dsn: str, server: Running, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project applied, and a phase that is to come."""
    root = tmp_path / "studio"
    root.mkdir()
    shutil.copy(ROOT / "nexiom.yml", root)
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, root / part)
    for name, given in {
        "NEXIOM_STAGING_DSN": dsn,
        "NEXIOM_TARGET": "staging",
        "NEXIOM_STATE_DIR": str(server.state.base),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, given)
    monkeypatch.chdir(root)
    assert run(["apply", "-q"]) == os.EX_OK
    (root / "phases/13_inbox").mkdir()
    (root / "phases/13_inbox/apply.sql").write_text(PHASE, "utf-8")
    (root / "phases/13_inbox/phase.yml").write_text("title: Inbox\n", "utf-8")
    return root


def test_what_a_new_phase_does_is_measured_and_all_audits_are_made(
    studio: Path, dsn: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(dsn) as connection:
        before = connection.execute(ITSELF).fetchone()
        connection.rollback()
        assert run(["rehearse"]) == os.EX_OK
        assert connection.execute(ITSELF).fetchone() == before
    told = capsys.readouterr().out
    assert told.count("rewritten  table public.messages") == 2
    assert "built      index public.messages_archived" in told
    assert re.search(r"4 statements rehearsed, 0 not; .* audits: \d{3,} passed, 0 failed, 0 not looked at", told)
