"""Files as they are read: UTF-8, LF line ends, bounded, and a plain word where one cannot be read."""

import hashlib
import os
import stat
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

from nexiom_runner.errors import Fault, Place
from nexiom_runner.project.names import did_you_mean, shown
from nexiom_runner.project.outline import Source

LARGEST = 64 * 1024 * 1024

_NAME = attrgetter("name")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)  # a FIFO must not hang
_BOM = b"\xef\xbb\xbf"


def read_source(root: Path, path: str, faults: list[Fault]) -> Source | None:
    """The file at `path` (POSIX, relative to `root`), or None and a fault that says why not.

    A byte order mark is dropped and CRLF becomes LF, here and nowhere else. Refused: what is no regular file, more
    than LARGEST bytes, NUL (libpq ends the text there without a word), UTF-16, bytes that are not UTF-8.
    """
    content = _read_bytes(f"{root}/{path}", path, faults)
    if content is None:
        return None
    if content.startswith(_UTF16) or _looks_like_utf16(content):
        hint = "Windows PowerShell writes it; save the file as UTF-8 (Out-File -Encoding utf8)."
        faults.append(Fault(f'"{path}" is UTF-16, not UTF-8', Place(path, 1), hint=hint))
        return None
    content = content.removeprefix(_BOM).replace(b"\r\n", b"\n")
    text = decode(content, path, faults)
    return None if text is None else Source(path, text, hashlib.sha256(content).hexdigest())


def list_folder(root: Path, folder: str, faults: list[Fault]) -> list[os.DirEntry[str]]:
    """What stands in a folder, by name, hidden entries left out; nothing where there is no such folder.

    Names that are not UTF-8 and names that differ only in case (one file on macOS and Windows) are faults.
    """
    try:
        with os.scandir(f"{root}/{folder}") as found:
            entries = sorted([entry for entry in found if entry.name[0] != "."], key=_NAME)
    except FileNotFoundError:
        return []
    except OSError as error:
        faults.append(Fault(f'cannot read the folder "{folder}": {_reason(error)}'))
        return []
    return list(_distinct(entries, folder, faults))


def sql_files(root: Path, folder: str, faults: list[Fault]) -> list[str]:
    """Paths of the `.sql` files of a folder, by name; SQL in a folder below, or with another ending, is a fault."""
    paths = []
    for entry in list_folder(root, folder, faults):
        path = f"{folder}/{entry.name}"
        if entry.is_dir():
            _refuse_below(root, path, folder, faults)
        elif entry.name.endswith(".sql"):
            paths.append(path)
        elif entry.name.lower().endswith((".sql", ".psql", ".pgsql")):
            hint = f'Rename it to "{entry.name.rsplit(".", 1)[0]}.sql".'
            faults.append(Fault(f'"{path}" is not read: its name does not end with ".sql"', hint=hint))
    return paths


def refuse_misnamed(entry: os.DirEntry[str], folder: str, known: tuple[str, ...], faults: list[Fault]) -> None:
    """A fault where an entry looks like one of `known` or is SQL; other files (a README) are nobody's business."""
    hint = did_you_mean(entry.name, known)
    if hint is not None or entry.name.lower().endswith(".sql"):
        kind = "folder" if entry.is_dir() else "file"
        hint = hint or "Known: " + ", ".join(known) + "."
        faults.append(Fault(f'unknown {kind} "{folder}/{entry.name}"', hint=hint))


def _read_bytes(file: str, path: str, faults: list[Fault]) -> bytes | None:
    try:
        descriptor = os.open(file, _OPEN)
        try:
            return _read_all(descriptor, path, faults)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        faults.append(Fault(f'no file "{shown(path)}"'))
    except (OSError, ValueError) as error:
        faults.append(Fault(f'cannot read "{shown(path)}": {_reason(error)}'))
    return None


def _read_all(descriptor: int, path: str, faults: list[Fault]) -> bytes | None:
    """In one call where the file is as long as it says; a file that grows meanwhile is read on."""
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        faults.append(Fault(f'"{path}" is not a file'))
        return None
    content = os.read(descriptor, min(found.st_size, LARGEST) + 1)
    while len(content) <= LARGEST and len(content) != found.st_size:
        more = os.read(descriptor, LARGEST // 64)
        if not more:
            break
        content += more
    if len(content) > LARGEST:
        hint = "Load data with a tool for data."
        faults.append(Fault(f'"{path}" has more than {LARGEST // 1024 // 1024} MiB', hint=hint))
        return None
    return content


def decode(content: bytes, path: str, faults: list[Fault]) -> str | None:
    """The text of a file's bytes, or None and a fault that says why they are not text."""
    nul = content.find(b"\0")
    if nul >= 0:
        hint = "PostgreSQL would silently ignore everything behind it; remove it."
        faults.append(_at(content, nul, path, "a NUL character stands in the file", hint))
        return None
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        hint = f"Save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 {path}"
        faults.append(_at(content, error.start, path, message, hint))
        return None


def _looks_like_utf16(content: bytes) -> bool:
    """Without a mark: every other byte of the beginning is NUL."""
    start = content[:64]
    return b"\0" in start and len(start) > 3 and (not any(start[::2]) or not any(start[1::2]))


def _at(content: bytes, offset: int, path: str, message: str, hint: str) -> Fault:
    start = content.rfind(b"\n", 0, offset) + 1
    line = content[start:].split(b"\n", 1)[0]
    column = len(content[start:offset].decode(errors="replace")) + 1
    source = "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line.decode(errors="replace"))
    place = Place(path, content.count(b"\n", 0, offset) + 1, column)
    return Fault(message, place, source, hint=hint)


def _distinct(entries: list[os.DirEntry[str]], folder: str, faults: list[Fault]) -> Iterator[os.DirEntry[str]]:
    seen: dict[str, str] = {}
    for entry in entries:
        name = entry.name
        first = seen.setdefault(name.casefold(), name)
        if not name.isprintable():
            faults.append(Fault(f'the name "{folder}/{shown(name)}" holds characters that cannot be printed'))
        elif (reason := _unfollowed(entry)) is not None:
            faults.append(Fault(f'cannot read "{folder}/{name}": {reason}'))
        elif first != name:
            hint = "macOS and Windows take them for one; rename one of them."
            faults.append(Fault(f'"{folder}/{first}" and "{folder}/{name}" differ only in case', hint=hint))
        else:
            yield entry


def _unfollowed(entry: os.DirEntry[str]) -> str | None:
    """Why a link cannot be followed to its end; None where it can, or leads nowhere, which reading it will say."""
    try:
        entry.is_dir()
    except OSError as error:
        return _reason(error)
    return None


def _refuse_below(root: Path, path: str, folder: str, faults: list[Fault]) -> None:
    below = [entry.name for entry in list_folder(root, path, []) if entry.name.endswith(".sql")]
    if below:
        message = f'"{path}/{below[0]}" is not read: folders below "{folder}" are not looked into'
        faults.append(Fault(message, hint=f'Move it to "{folder}/".'))


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
