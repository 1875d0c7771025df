"""What was read and rendered once, kept by content in the user's cache folder; never inside a repository.

A pull request must not be able to bring a cache along that says something else than its files, so the
cache lies where only the user writes, and a file that is not the user's own is not read.
"""

import gc
import hashlib
import os
import pickle
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nexiom_runner import __version__

KEPT = 20  # newest files kept
_FOLDERS = ("phases", "audits", "macros", "tests/sql")


def cache_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_CACHE_HOME/nexiom/projects`, or the same under `~/.cache`."""
    base = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".cache"
    return Path(base) / "nexiom" / "projects"


def content_key(root: Path, *given: str) -> str:
    """sha256 hex over every file the project consists of, what was given beside, and nexiom itself."""
    digest = hashlib.sha256()
    for part in (__version__, sys.version, _own_state(), str(root), *given):
        digest.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
    for path, content in _contents(root):
        digest.update(f"{path}:{len(content)}:".encode("utf-8", "surrogatepass"))
        digest.update(content)
    return digest.hexdigest()


def recall(folder: Path, key: str) -> Any | None:
    """What was kept under the key, or None; a damaged or foreign file is as none."""
    try:
        with open(folder / key, "rb") as stream:
            if os.fstat(stream.fileno()).st_uid != os.getuid():
                return None
            gc.disable()  # thousands of small objects, none of them garbage: collecting doubles the time
            return pickle.load(stream)
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError):
        return None
    finally:
        gc.enable()


def keep(folder: Path, key: str, value: Any) -> None:
    """Keep the value for the next run; a folder that cannot be written costs time, not the run."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = folder / f".{key}.{os.getpid()}"
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            pickle.dump(value, stream, pickle.HIGHEST_PROTOCOL)
        beside.replace(folder / key)
        _forget_old(folder)
    except OSError:
        return


def _contents(root: Path) -> Iterator[tuple[str, bytes]]:
    yield "nexiom.yml", (root / "nexiom.yml").read_bytes()
    for folder in _FOLDERS:
        yield from _below(root / folder, folder)


def _below(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            yield path + "/", b""
            yield from _below(Path(entry.path), path)
        elif entry.is_file():
            with open(entry.path, "rb", buffering=0) as stream:
                yield path, stream.readall()


def _own_state() -> str:
    """Sizes and times of nexiom's own files: an edited nexiom does not trust what an older one kept."""
    package = Path(__file__).parents[1]
    stats = (
        entry.stat() for folder in (package, *filter(Path.is_dir, package.iterdir())) for entry in os.scandir(folder)
    )
    return str(hash(tuple((found.st_size, found.st_mtime_ns) for found in stats)))


def _forget_old(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[KEPT:]:
        path.unlink(missing_ok=True)
