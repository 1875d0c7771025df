"""Data directories: made once an engine by initdb, copied for each project; complete or not there at all."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from nexiom_runner.database.account import Account, can_read, copy_tree, link_tree, make_folder
from nexiom_runner.database.clones import clone_database
from nexiom_runner.database.engine import Engine
from nexiom_runner.database.locks import gate
from nexiom_runner.database.platform import Platform, make_platform
from nexiom_runner.database.process import clear_stale_files, launch, run_program, signal_stop_at, wait_ended
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import connect
from nexiom_runner.database.state import ADMIN, DATABASE, OWNER, PRISTINE, State, dsn
from nexiom_runner.database.states import seal_database


def make_data(engine: Engine, account: Account, state: State, platform: Platform | None = None) -> None:
    """Give the project a new data directory: roles, the database and its pristine copy. Raises OSError, TargetError."""
    template = _template(engine, account, state, platform)
    half_made = state.run / "data.new"
    shutil.rmtree(half_made, ignore_errors=True)
    copy_tree(template, half_made, account)
    half_made.rename(state.data)


def set_aside(state: State) -> Path:
    """Move the data directory out of the way; where it is now."""
    discard_aside(state)
    return state.data.rename(state.run / "data.old")


def discard_aside(state: State) -> None:
    """Remove the data directory that was moved out of the way."""
    shutil.rmtree(state.run / "data.old", ignore_errors=True)


def linked_engine(engine: Engine, account: Account, state: State) -> Engine:
    """The engine itself where the account may read it, else the same out of a hard-linked copy beside the states."""
    if can_read(account, engine.bin):
        return engine
    copy = state.base / "engines" / _digest(engine.home.name, engine.build)
    make_folder(copy.parent, None, 0o755)
    with gate(copy.with_suffix(".gate")):
        if not copy.is_dir():
            _link_engine(engine, copy)
    return Engine(copy / engine.bin.relative_to(engine.home.parent), engine.version)


def _link_engine(engine: Engine, copy: Path) -> None:
    half_made = copy.with_suffix(".new")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(mode=0o755)
    link_tree(engine.home, half_made / engine.home.name)
    libraries = engine.home.with_name(f"{engine.home.name}.libs")  # where a wheel keeps shared libraries
    if libraries.is_dir():
        link_tree(libraries, half_made / libraries.name)
    half_made.rename(copy)


def _template(engine: Engine, account: Account, state: State, platform: Platform | None) -> Path:
    """The data directory to copy, made by initdb the first time; two makers at once make one."""
    folder = state.base / "templates"
    make_folder(folder, account, 0o700)
    texts = [platform.key] if platform else _bootstrap_texts()
    options = _initdb_options(engine, state.names.admin)
    template = folder / f"{engine.version}-{_digest(engine.build, *options, *texts)}"
    with gate(state.base / "templates.gate"):
        if not template.is_dir():
            for half_made in folder.glob("*.new"):
                shutil.rmtree(half_made, ignore_errors=True)  # an initdb left alone may still write to it
            _make_template(engine, account, state, platform, template)
    return template


def _make_template(engine: Engine, account: Account, state: State, platform: Platform | None, template: Path) -> None:
    half_made = template.with_name(f"{template.name}.{os.getpid()}.new")
    initdb = [str(engine.bin / "initdb"), "-D", str(half_made), *_initdb_options(engine, state.names.admin)]
    run_program(initdb, account, state.run)
    launch(engine, account, state, half_made)
    try:
        if platform is None:
            _bootstrap(state)
        else:
            make_platform(state, platform)
    finally:
        signal_stop_at(half_made)
        wait_ended(state)
        clear_stale_files(state, half_made)
    half_made.rename(template)


def _initdb_options(engine: Engine, admin: str) -> list[str]:
    """UTF-8 with its letters known, the same on every machine: built in since 17, the C library's before."""
    plain = ["--auth=trust", "--encoding=UTF8", "--locale=C", f"--username={admin}"]
    quick = ["--no-sync", "--no-instructions", "--wal-segsize=1"]  # MB: less to copy
    if engine.major >= 17:
        return [*plain, *quick, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*plain, *quick, f"--lc-ctype={'en_US.UTF-8' if sys.platform == 'darwin' else 'C.UTF-8'}"]


def _bootstrap(state: State) -> None:
    with connect(dsn(state, ADMIN, "postgres"), application="nexiom") as session:
        session.rows(load(__file__, "roles.sql"))
        session.rows(load(__file__, "create_database.sql").compose(name=PRISTINE, owner=OWNER))
        with connect(dsn(state, ADMIN, PRISTINE), application="nexiom") as pristine:
            pristine.rows(load(__file__, "own_public.sql").compose(owner=OWNER))
        clone_database(session, PRISTINE, DATABASE)
        seal_database(session, PRISTINE)


def _bootstrap_texts() -> list[str]:
    files = ("roles.sql", "create_database.sql", "own_public.sql", "role_note.sql")
    return [load(__file__, name).text for name in files]


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode(errors="surrogateescape")).hexdigest()[:12]
