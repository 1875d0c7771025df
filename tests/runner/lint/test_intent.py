"""What a phase declares silences the rule that would find it; of another overload it does not."""

from pathlib import Path

import pytest

from nexiom_runner.lint.intent import read_intent
from nexiom_runner.lint.rule import Found
from nexiom_runner.project.load import load_project

EXPECT = """\
expect:
  tables:
    t: {grants: {}}
  functions:
    f:
      - {arguments: {a: int}, execute: [anon], reason: meant}
      - {arguments: {a: text}, execute: []}
    g: {reason: meant}
"""


def silenced(folder: Path, found: Found, applied: tuple[str, ...] = ("1_a",)) -> bool:
    (folder / "phases/1_a").mkdir(parents=True)
    (folder / "nexiom.yml").write_text("name: x\n")
    (folder / "phases/1_a/apply.sql").write_text("select 1;\n")
    (folder / "phases/1_a/phase.yml").write_text(EXPECT)
    return read_intent(load_project(folder), applied).silences(found)


def function(name: str, types: str, unless: str | None) -> Found:
    return Found("r", "function", "public", name, "", types=types, unless=unless)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (function("f", "integer", "reason"), True),
        (function("f", "text", "reason"), False),
        (function("f", "text", "execute"), True),
        (function("f", "uuid, uuid", "execute"), False),
        (function("g", "anything", "reason"), True),
        (function("g", "anything", "execute"), False),
        (function("f", "integer", None), False),
        (Found("r", "table", "public", "t", "", unless="grants"), True),
        (Found("r", "table", "crm", "t", "", unless="grants"), False),
    ],
)
def test_a_declaration_is_of_its_object_and_attribute(tmp_path: Path, found: Found, expected: bool) -> None:
    assert silenced(tmp_path, found) is expected


def test_what_is_not_applied_declares_nothing(tmp_path: Path) -> None:
    assert not silenced(tmp_path, function("f", "integer", "reason"), applied=())
