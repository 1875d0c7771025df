"""Extensions of the stand-in: ours, and an engine's own that a project's role may create as it may when hosted."""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nexiom_runner.database.account import link_tree, make_folder
from nexiom_runner.database.engine import Engine
from nexiom_runner.database.locks import gate
from nexiom_runner.database.platform_engine import control_folder
from nexiom_runner.database.queries import load
from nexiom_runner.database.state import CONTROL_PATH_SINCE, State, control_path_of


@dataclass(frozen=True, slots=True)
class WrittenExtension:
    """An extension that nexiom wrote in SQL. `schema` is None where `create extension` may say any."""

    version: str
    comment: str
    schema: str | None = None

    @property
    def control(self) -> str:
        """Its control file. Trusted: who owns the database may create it, and its script runs as the superuser."""
        lines = [f"comment = '{self.comment}'", f"default_version = '{self.version}'", "trusted = true"]
        return "\n".join([*lines, "relocatable = false", *([f"schema = {self.schema}"] if self.schema else []), ""])


RECORDING = {
    "pg_net": WrittenExtension("0.20.4", "stand-in: HTTP requests are recorded and never sent"),
    "pg_cron": WrittenExtension("1.6", "stand-in: jobs are recorded and never run"),
    "pg_graphql": WrittenExtension("1.5.11", "stand-in: answers every query with an error", "graphql"),
    "supabase_vault": WrittenExtension("0.3.1", "stand-in: secrets are kept in the open", "vault"),
}
EMULATED = {
    "pgcrypto": WrittenExtension("1.3", "stand-in: digest, hmac and random bytes in SQL"),
    "uuid-ossp": WrittenExtension("1.1", "stand-in: UUIDs in SQL"),
    "pg_stat_statements": WrittenExtension("1.11", "stand-in: counts nothing"),
}
WRITTEN: Mapping[str, WrittenExtension] = {**RECORDING, **EMULATED}

# What supautils lets the role postgres create when hosted, less what reaches beyond the database.
_ALLOWED = re.compile(
    "address_standardizer|address_standardizer_data_us|autoinc|bloom|earthdistance|hypopg|index_advisor|"
    "insert_username|moddatetime|pg_hashids|pg_jsonschema|pg_partman|pg_stat_statements|pgaudit|pgmq|pgrouting|"
    "pgrowlocks|pgstattuple|pgtap|plpgsql_check|postgis|postgis_raster|postgis_sfcgal|postgis_topology|refint|rum|vector"
)


def script_of(name: str) -> str:
    """The script that makes an extension of ours."""
    return load(__file__, f"supabase/extension/{name}.sql").text


def equip(engine: Engine, usable: Engine, state: State, key: str) -> Engine:
    """An engine that finds the stand-in's extensions: itself where it can be told of a folder, else a copy of it whose
    own folder they are put into. `usable` is the engine as the account may run it. Raises OSError."""
    own = control_path_of(state.base, engine, key)
    make_folder(own.parent, None, 0o755)
    with gate(own.with_name(f"{own.name}.gate")):
        if engine.major >= CONTROL_PATH_SINCE:
            if not own.is_dir():
                _whole(own, lambda folder: _put(engine, folder / "extension"))
            return usable
        copy = own.with_name(f"{own.name}-engine")
        if not copy.is_dir():
            _whole(copy, lambda folder: _copy_engine(engine, folder))
        return Engine(copy / engine.bin.relative_to(_top(engine)), engine.version)


def _whole(folder: Path, make: Callable[[Path], None]) -> None:
    """The folder as `make` fills it, for every account to read; or none that is found."""
    half_made = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir()
    make(half_made)
    for made in (half_made, *(path for path in half_made.rglob("*") if path.is_dir())):
        made.chmod(0o755)  # whatever the umask: the server may run as another account
    half_made.rename(folder)


def _copy_engine(engine: Engine, folder: Path) -> None:
    """Programs, libraries and shared files as they lie to one another: PostgreSQL finds the rest from its program."""
    top = _top(engine)
    for part in _parts(engine):
        place = folder / part.relative_to(top)
        place.parent.mkdir(parents=True, exist_ok=True)
        link_tree(part, place)
    controls = control_folder(engine)
    assert controls is not None  # _top would have failed
    _put(engine, folder / controls.relative_to(top))


def _top(engine: Engine) -> Path:
    return Path(os.path.commonpath([part.parent for part in _parts(engine)]))


def _parts(engine: Engine) -> list[Path]:
    home, controls = engine.bin.parent, control_folder(engine)
    if controls is None:
        raise FileNotFoundError(2, "its extension folder is not found (is pg_config beside it?)", str(engine.bin))
    libraries = engine.home.with_name(f"{engine.home.name}.libs")  # where a wheel keeps shared libraries
    share = controls.parent
    return [home, *([] if share.is_relative_to(home) else [share]), *([libraries] if libraries.is_dir() else [])]


def _put(engine: Engine, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _files(engine).items():
        path = folder / name
        path.unlink(missing_ok=True)  # a hard link: the engine's own file stays as it is
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)


def _files(engine: Engine) -> dict[str, str]:
    """Control files and scripts by name: ours, but for what the engine has itself, and its own that are allowed."""
    files: dict[str, str] = {}
    controls = control_folder(engine)
    has = {path.stem: path for path in controls.glob("*.control")} if controls else {}
    for name in filter(_ALLOWED.fullmatch, has):
        files[f"{name}.control"] = has[name].read_text(encoding="utf-8") + "\ntrusted = true\n"
        for script in has[name].parent.glob(f"{name}--*.sql"):
            files[script.name] = script.read_text(encoding="utf-8")
    for name, written in WRITTEN.items():
        if name in RECORDING or name not in has:
            files[f"{name}.control"] = written.control
            files[f"{name}--{written.version}.sql"] = script_of(name)
    return files
