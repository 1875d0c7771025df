"""Servers that nothing can be applied to, each with its own message: replica, read-only, full disk, missing right."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nexiom_runner.apply.read_only import refuse_read_only
from nexiom_runner.database.account import choose_account
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.session import Session
from nexiom_runner.database.targets import OpenTarget
from nexiom_runner.errors import TargetError, describe
from nexiom_runner.project.model import Target

SYS_ADMIN = 21  # the capability that mounts
ROWS = "insert into public.big select repeat('x', 1000) from generate_series(1, 9999);\n"


def test_read_only_database_is_refused_before_anything_runs(staging, admin_session: Session, database: str) -> None:
    admin_session.send(f'alter database "{database}" set default_transaction_read_only = on')
    ran = staging.run("apply")
    assert (ran.code, ran.err) == (
        2,
        'error: target "staging" is read-only: nothing can be applied there\n'
        f'detail: default_transaction_read_only is on for role "nexiom_owner" in database "{database}".\n'
        "hint: A platform sets it when the disk is full; make room, or let an owner set it off.\n",
    )
    assert staging.run("plan").code == 0
    assert "missing  server" in staging.run("doctor").out


def test_replica_is_refused(session: Session) -> None:
    session.__dict__["server"] = replace(session.server, in_recovery=True, read_only=True, host="db.internal:5432")
    with pytest.raises(TargetError) as caught:
        refuse_read_only(OpenTarget(Target("staging", dsn="host=x"), session, None))
    assert describe(caught.value.faults[0]) == (
        'error: target "staging" is a replica: nothing can be applied there\n'
        'detail: The server at "db.internal:5432" is in recovery; it takes its data from another.\n'
        "hint: Name the primary in the DSN; of several hosts, target_session_attrs=read-write finds it."
    )


@pytest.fixture
def standby(server: Running) -> Iterator[str]:
    """The folder of the socket of a server in standby mode, which never hears of a primary."""
    account = choose_account(os.environ)
    folder = Path(tempfile.mkdtemp(prefix="nexiom-standby-", dir="/dev/shm"))
    os.chown(folder, account.uid, account.gid)
    data, program = folder / "data", server.engine.bin
    made = [program / "initdb", "-D", data, "--auth=trust", "--username=nexiom_owner", "--no-sync"]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **account.options)
    (data / "standby.signal").touch()
    started = subprocess.Popen(
        [program / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **account.options,
    )
    try:
        yield str(folder)
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(20)
        shutil.rmtree(folder)


@pytest.mark.full
def test_real_replica_is_planned_for_and_refused(shop, standby: str, monkeypatch) -> None:
    monkeypatch.setenv("SHOP_DSN", f"host={standby} user=nexiom_owner dbname=postgres")
    monkeypatch.setenv("NEXIOM_TARGET", "staging")
    ran = shop.run("apply", "--wait-for-server", "20s")
    assert (ran.code, ran.err[ran.err.index("error:") :]) == (
        2,
        'error: target "staging" is a replica: nothing can be applied there\n'
        f'detail: The server at "{standby}" is in recovery; it takes its data from another.\n'
        "hint: Name the primary in the DSN; of several hosts, target_session_attrs=read-write finds it.\n",
    )
    assert shop.run("plan").code == 0
    assert "missing  server" in shop.run("doctor").out


def test_role_that_may_not_make_the_ledger_is_told_the_grant(
    staging, admin_session: Session, database: str, dsn: str, monkeypatch
) -> None:
    admin_session.send(f'create role "low_{database}" login')
    try:
        monkeypatch.setenv("SHOP_DSN", dsn.replace("nexiom_owner@", f"low_{database}@"))
        ran = staging.run("apply")
    finally:
        admin_session.send(f'drop role "low_{database}"')
    assert (ran.code, ran.err) == (
        2,
        f'error: role "low_{database}" may not keep a ledger in database "{database}": '
        f"permission denied for database {database}\n"
        "detail: PostgreSQL reported SQLSTATE 42501.\n"
        f'hint: Let an owner run: grant create on database "{database}" to "low_{database}";\n',
    )


def effective(capability: int) -> bool:
    """Whether this process has one of Linux's capabilities."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff:"))
    return bool(int(line.split()[1], 16) >> capability & 1)


@pytest.fixture
def small_disk(admin_session: Session, database: str) -> Iterator[str]:
    """A tablespace on a file system of 2 MB."""
    folder = Path(tempfile.mkdtemp(prefix="nexiom-small-", dir="/dev/shm"))
    folder.chmod(0o755)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0777", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:  # that a file cannot grow is tested in apply/test_faults.py, where nothing is mounted
        folder.rmdir()
        may = os.getuid() == 0 and sys.platform == "linux" and effective(SYS_ADMIN)
        assert not may, mounted.stderr.decode()
        pytest.skip(f"a file system cannot be mounted here: {mounted.stderr.decode().strip()}")
    account = choose_account(os.environ)
    place = folder / "space"
    place.mkdir()
    os.chown(place, account.uid, account.gid)
    name = f"small_{database}"
    admin_session.send(f"create tablespace {name} owner nexiom_owner location '{place}'")
    yield name
    for table in admin_session.send("select oid::regclass from pg_class where reltablespace <> 0 and relkind = 'r'"):
        for (found,) in table.rows:
            if not str(found).startswith("pg_"):
                admin_session.send(f"drop table {found}")
    admin_session.send(f"drop tablespace {name}")
    subprocess.run(["umount", str(folder)], check=True)
    shutil.rmtree(folder)


@pytest.mark.full
def test_full_disk_rolls_back_and_says_what_to_do(staging, small_disk: str, session: Session) -> None:
    staging.write(
        "phases/3_big/apply.sql",
        f"create table public.big (t text) tablespace {small_disk};\n" + ROWS,
    )
    ran = staging.run("apply")
    assert ran.code == 1
    said = re.sub(r"pg_tblspc/\S+\"", 'FILE"', ran.out)
    assert (
        'error: phase "3_big" failed: could not extend file "FILE": No space left on device\n'
        "  phases/3_big/apply.sql:2:1\n"
    ) in said
    assert (
        'state: "3_big" was rolled back. 2 phases applied before it remain applied. Running apply again is safe.\n'
        "hint: The server's disk is full: free space there, or let it grow, then run apply again."
    ) in said
    assert session.send("select to_regclass('public.big')")[0].rows == ((None,),)
    grow(small_disk, session)
    assert staging.run("apply").code == 0
    assert session.send("select count(*) from public.big")[0].rows == (("9999",),)


def grow(tablespace: str, session: Session) -> None:
    """Let the file system be as large as it needs to be."""
    asked = "select spcname, pg_tablespace_location(oid) from pg_tablespace"
    places = dict(session.send(asked)[0].rows)
    subprocess.run(["mount", "-o", "remount,size=64m", str(Path(str(places[tablespace])).parent)], check=True)
