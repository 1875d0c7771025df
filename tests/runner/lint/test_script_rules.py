"""Each rule on scripts, over scripts that a server takes."""

import re

import pytest
from graph_builders import script
from lint_cases import Case, cases_of

from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, Place
from nexiom_runner.lint.judge import subject_of
from nexiom_runner.lint.places import Places
from nexiom_runner.lint.rule import SCRIPTS, Found, all_rules
from nexiom_runner.lint.scripts import ON_SCRIPTS, find_in_scripts
from nexiom_runner.lint.texts import Texts, read_texts
from nexiom_runner.project.in_force import ObjectKey
from nexiom_runner.project.yaml import read_tree
from nexiom_runner.shape.grammar import parse_shape
from nexiom_runner.shape.model import Shape
from nexiom_runner.sql.script import Script

RULES = [rule.id for rule in all_rules().values() if rule.looks_at == SCRIPTS]
_FILE = re.compile(r"^-- (\d\d_\w+/\S+):\n", re.MULTILINE)
_RESULT = re.compile(r"^-- result: (.+)\n", re.MULTILINE)
_STATED = re.compile(r"^-- stated: (\w+) (\w+)\n", re.MULTILINE)


def test_every_rule_on_scripts_has_its_page() -> None:
    assert sorted(ON_SCRIPTS) == sorted(RULES)


@pytest.mark.parametrize("case", [case for rule in RULES for case in cases_of(rule)], ids=str)
def test_a_rule_on_scripts_finds_what_is_wrong_and_nothing_else(case: Case, cases_session: Session) -> None:
    head, *files = _FILE.split(case.sql)
    scripts = [script(key, text) for key, text in zip(files[::2], files[1::2], strict=True)]
    with cases_session.transaction(rollback=True):
        cases_session.send("create schema crm;" + ";\n".join(one.text for one in scripts))
    texts = _texts(scripts, head)
    assert texts.unread == ()
    assert [_told(one, scripts) for one in find_in_scripts(texts, {case.rule})] == list(case.finds)


def _texts(scripts: list[Script], head: str) -> Texts:
    results = {ObjectKey("function", "public", "f"): _shape(text) for text in _RESULT.findall(head)}
    stated = frozenset((phase, "public", name) for phase, name in _STATED.findall(head))
    return read_texts(scripts, results, stated)


def _shape(text: str) -> Shape:
    faults: list[Fault] = []
    shape = parse_shape(read_tree(text, "shape.yml", faults), faults)
    assert faults == []
    return shape


def _told(found: Found, scripts: list[Script]) -> str:
    spot = Places(tuple(scripts)).at(found.script or "", found.offset, found.width)
    place = spot.place if spot else Place("", 1)
    return f"{place.path.removeprefix('phases/')}:{place.line}: {subject_of(found)}: {found.message}"
