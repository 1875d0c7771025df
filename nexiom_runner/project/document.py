"""One YAML file of a project as a mapping, and its faults with their lines."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from nexiom_runner.errors import Fault
from nexiom_runner.project.model import Source
from nexiom_runner.project.yaml import read_document, with_lines
from nexiom_runner.tree import Node

_PASSWORD = re.compile(r"(://[^:/@\s]*:)([^@\s]+)(?=@)|(password\s*=\s*)('[^']*'|[^\s&'\"]+)", re.IGNORECASE)
_WRITTEN = re.compile(r"""(\bpassword\s*:\s*)((?!\{)(?:'[^']*'|"[^"]*"|[^\s,}]+))""")


def read_settings_file(source: Source | None, faults: list[Fault]) -> Node | None:
    """The tree of a file, None where there is none or it cannot be read."""
    if source is None:
        return None
    with told_with_lines(source, faults):
        return read_document(source.text, source.path, faults)


@contextmanager
def told_with_lines(source: Source, faults: list[Fault]) -> Iterator[None]:
    """Faults added inside, all of them places in the file, get its line; passwords of a DSN are blotted out."""
    before = len(faults)
    try:
        yield
    finally:
        faults[before:] = [_without_password(fault) for fault in with_lines(faults[before:], source.text)]


def _without_password(fault: Fault) -> Fault:
    source = fault.source
    if source is not None and fault.place is not None and fault.place.path == "nexiom.yml":
        source = _WRITTEN.sub(lambda at: at[1] + "*" * len(at[2]), source)
    return replace(
        fault,
        message=_blot(fault.message),
        source=None if source is None else _blot(source),
        hint=None if fault.hint is None else _blot(fault.hint),
    )


def _blot(text: str) -> str:
    """The text with as many stars as a password in it has characters."""
    return _PASSWORD.sub(lambda at: (at[1] or at[3]) + "*" * len(at[2] or at[4]), text)
