"""The engine for a stand-in: what each has of extensions, and which suits the project best."""

import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from nexiom_runner.database.engine import Engine, choose_engine, find_engines
from nexiom_runner.errors import Fault, TargetError
from nexiom_runner.project.names import shown
from nexiom_runner.project.stand_in import NamedExtension, StandIn

HOSTED = 17  # what a new project on Supabase has
_FOLDERS = ("share/postgresql/extension", "share/extension")
# Debian's package after `postgresql-17-`; contrib modules come with the server itself.
_PACKAGES = {
    "hypopg": "hypopg", "pg_hint_plan": "pg-hint-plan", "pg_partman": "partman", "pg_repack": "repack",
    "pgaudit": "pgaudit", "pgmq": "pgmq", "pgrouting": "pgrouting", "pgtap": "pgtap", "plpgsql_check": "plpgsql-check",
    "plv8": "plv8", "postgis": "postgis-3", "postgis_raster": "postgis-3", "postgis_topology": "postgis-3",
    "rum": "rum", "timescaledb": "timescaledb", "vector": "pgvector",
}  # fmt: skip
_CONTRIB = re.compile(
    "amcheck|autoinc|bloom|btree_gin|btree_gist|citext|cube|dblink|dict_int|dict_xsyn|earthdistance|fuzzystrmatch|"
    "hstore|insert_username|intarray|isn|lo|ltree|moddatetime|pg_stat_statements|pg_trgm|pgcrypto|pgrowlocks|"
    "pgstattuple|postgres_fdw|refint|seg|sslinfo|tablefunc|tcn|tsm_system_rows|tsm_system_time|unaccent|uuid-ossp|xml2"
)


def choose_for(
    stand_in: StandIn, wanted: str | None, named: Sequence[NamedExtension], written: frozenset[str]
) -> Engine:
    """The engine a target asks for by `engine:`; else the one that has most of the extensions the phases create, of
    these the nearest to the platform's major version, of these the newest.

    `written` are the extensions that nexiom brings along. Raises TargetError: none is found, or none has an extension.
    """
    engines = (choose_engine(wanted),) if wanted else find_engines()
    if not engines:
        engines = (choose_engine(),)  # which says how to get one
    needed = {one.name for one in named}
    asked = stand_in.postgres or HOSTED

    def worth(engine: Engine) -> tuple[int, int, int, int]:
        lacks = needed - extensions_of(engine)
        return len(lacks - written), len(lacks), abs(engine.major - asked), -engine.major

    best = min(engines, key=worth)
    lacking = [one for one in named if one.name not in extensions_of(best) | written]
    if lacking:
        raise TargetError(*(_lacks(one, best, engines, asked) for one in lacking))
    return best


def extensions_of(engine: Engine) -> frozenset[str]:
    """The names of the extensions that an engine has."""
    folder = control_folder(engine)
    return frozenset(path.stem for path in folder.glob("*.control")) if folder else frozenset()


def control_folder(engine: Engine) -> Path | None:
    """Where an engine looks for control files; None where it does not say."""
    for folder in _FOLDERS:
        if (engine.bin.parent / folder / "plpgsql.control").is_file():
            return engine.bin.parent / folder
    return _told_folder(engine.bin)


@cache
def _told_folder(folder: Path) -> Path | None:
    try:
        said = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    told = Path(said.stdout.strip()) / "extension"
    return told if (told / "plpgsql.control").is_file() else None


def _lacks(one: NamedExtension, best: Engine, engines: Sequence[Engine], asked: int) -> Fault:
    looked = ", ".join(f"{engine.version} in {engine.bin}" for engine in engines)
    package = f"-{_PACKAGES[one.name]}" if one.name in _PACKAGES else "" if _CONTRIB.fullmatch(one.name) else None
    hint = "Install a PostgreSQL that has it, and name the folder of its programs: engine: /folder/bin."
    if package is not None:
        hint = f"Install a PostgreSQL that has it (Debian: postgresql-{asked}{package}); nexiom finds it there."
    message = f'no PostgreSQL here has the extension "{shown(one.name)}"'
    if any(one.name in extensions_of(engine) for engine in engines):
        message = f'no PostgreSQL here has all the project\'s extensions; {best.version} lacks "{shown(one.name)}"'
    return Fault(message, one.place, one.source, len(one.name), f"Looked at {looked}.", hint=hint)
