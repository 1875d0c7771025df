"""Cases of rules in files: SQL that a rule must find something in, with what it says, and SQL it must leave alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parent / "cases"
_HEAD = re.compile(r"^-- (broken|fine): (.+)\n", re.MULTILINE)
_FINDS = re.compile(r"^-- finds: (.+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: `finds` are lines `subject: message`, none for one that is fine."""

    rule: str
    name: str
    broken: bool
    sql: str
    finds: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


def cases_of(rule: str) -> list[Case]:
    """The cases of a rule, in the order of its file."""
    text = (CASES / f"{rule.replace('-', '_')}.sql").read_text("utf-8")
    return list(_read(rule, text))


def _read(rule: str, text: str) -> Iterator[Case]:
    _, *parts = _HEAD.split(text)
    for kind, name, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        finds = tuple(_FINDS.findall(body))
        assert bool(finds) == (kind == "broken"), (
            f"{rule}: {name}: a broken case says what is found, a fine one does not"
        )
        yield Case(rule, name, kind == "broken", _FINDS.sub("", body).strip(), finds)
