"""What was read and rendered once, kept by content in the user's cache folder; never inside a repository.

A pull request must not be able to bring a cache along that says something else than its files, so the cache
lies where only the user writes, and what is not the user's own, whole and of this key is not read.
"""

import gc
import os
import pickle
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from hashlib import sha256
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from typing import Any
from zlib import crc32

from nexiom_runner import __version__

KEPT = 60  # newest files kept; a project has two or three a target
_DEEPEST = 4  # phases/NAME/repeatable/FOLDER/: nothing below is ever read
_LARGEST = 64 * 1024 * 1024  # a longer file is refused when it is read
_FOLDERS = ("phases", "audits", "macros", "fixtures", "tests/sql")
_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC  # a FIFO must not hang
_HEAD = b"nexiom %s %08x\n"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_CACHE_HOME/nexiom/projects`, or the same under `~/.cache`."""
    base = environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".cache"
    return Path(base) / "nexiom" / "projects"


def content_key(root: Path) -> str:
    """sha256 hex over every file the project consists of, where it lies, and nexiom itself."""
    digest = sha256(key_of(__version__, sys.version, _own_state(), str(root)).encode())
    for head, content in _contents(os.fsencode(root)):
        digest.update(b"%s\0%d\0" % (head, len(content)))
        digest.update(content)
    return digest.hexdigest()


def key_of(*parts: str) -> str:
    """sha256 hex of texts; no other texts, nor the same ones cut elsewhere, have it."""
    return sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()


def recall(folder: Path, key: str) -> Any | None:
    """What was kept under the key, or None: a file that is damaged, of another key or another user's is as none."""
    try:
        content = _own_content(folder, folder / key)
    except OSError:
        return None
    head, _, packed = content.partition(b"\n")
    return unpack(packed) if head + b"\n" == _HEAD % (key.encode(), crc32(packed)) else None


def keep(folder: Path, key: str, value: Any) -> None:
    """Keep the value for the next run; a folder that cannot be written costs time, not the run."""
    packed = pack(value)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _is_own(os.stat(folder)):
            return
        _write(folder / key, _HEAD % (key.encode(), crc32(packed)) + packed)
        _forget_old(folder)
    except OSError:
        return


def pack(value: Any) -> bytes:
    """The value as bytes, to be unpacked by the same nexiom."""
    stream = BytesIO()
    _Pickler(stream).dump(value)
    return stream.getvalue()


def unpack(packed: bytes) -> Any:
    """The value that was packed."""
    with _uncollected():
        return pickle.loads(packed)


class _Pickler(pickle.Pickler):
    """Frozen dataclasses as calls of their class: their own way, a field at a time, takes three times as long."""

    def __init__(self, stream: BytesIO) -> None:
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self._readers: dict[type, Callable[[Any], tuple[Any, ...]] | None] = {}

    def reducer_override(self, value: Any) -> Any:
        """As pickle asks for it: how to make the value again, or that it may do as it likes."""
        kind = type(value)
        if kind not in self._readers:
            self._readers[kind] = _reader(kind)
        read = self._readers[kind]
        return NotImplemented if read is None else (kind, read(value))


def _reader(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """What reads the arguments of a dataclass's constructor off a value; None for other classes."""
    if not is_dataclass(kind) or not all(field.init and not field.kw_only for field in fields(kind)):
        return None
    names = [field.name for field in fields(kind)]
    if len(names) < 2:
        return lambda value: tuple(getattr(value, name) for name in names)
    return attrgetter(*names)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Thousands of small objects, none of them garbage: collecting while they are made doubles the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()


def _own_content(folder: Path, file: Path) -> bytes:
    """What the user alone could have written there. Raises OSError."""
    if not _is_own(os.stat(folder)):
        return b""
    with open(os.open(file, _OPEN | os.O_NOFOLLOW), "rb", buffering=0) as stream:
        return stream.readall() if _is_own(os.fstat(stream.fileno())) else b""


def _write(file: Path, content: bytes) -> None:
    """The whole file or none of it, for whoever reads meanwhile. Raises OSError."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(content)
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _contents(root: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind and path, content) of all that is read; names alone of what is no file."""
    yield b"file nexiom.yml", _content(root + b"/nexiom.yml")
    for folder in map(os.fsencode, _FOLDERS):
        yield from _below(root + b"/" + folder, folder, 1)


def _below(folder: bytes, name: bytes, depth: int) -> Iterator[tuple[bytes, bytes]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry.name, _is(entry.is_file), _is(entry.is_dir)) for entry in found)
    except OSError:
        return
    for entry, is_file, is_folder in entries:
        if entry.startswith(b"."):
            continue  # hidden ones are not read
        path = name + b"/" + entry
        if is_file:
            yield b"file " + path, _content(folder + b"/" + entry)
        else:
            yield b"else " + path, b""
        if is_folder and depth < _DEEPEST:
            yield from _below(folder + b"/" + entry, path, depth + 1)


def _is(kind: Callable[[], bool]) -> bool:
    """False of a link that leads to itself."""
    try:
        return kind()
    except OSError:
        return False


def _content(file: bytes) -> bytes:
    """The bytes of a file; nothing of one that cannot be read, which reading the project then tells."""
    try:
        descriptor = os.open(file, _OPEN)
    except OSError:
        return b""
    try:
        size = os.fstat(descriptor).st_size
        content = os.read(descriptor, min(size, _LARGEST) + 1)
        while len(content) < min(size, _LARGEST) and (more := os.read(descriptor, _LARGEST)):
            content += more
        return content
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _own_state() -> str:
    """Sizes and times of nexiom's own files: an edited nexiom does not trust what an older one kept."""
    package = Path(__file__).parents[1]
    sources = (os.path.join(folder, name) for folder, _, names in os.walk(package) for name in names)
    found = [(path, os.stat(path)) for path in sources if path.endswith(".py")]
    return repr(sorted((path, state.st_size, state.st_mtime_ns) for path, state in found))


def _forget_old(folder: Path) -> None:
    files = sorted(((path.stat().st_mtime_ns, path) for path in folder.iterdir()), reverse=True)
    for _, path in files[KEPT:]:
        path.unlink(missing_ok=True)
