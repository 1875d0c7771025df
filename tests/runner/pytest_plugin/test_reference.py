"""`nexiom test` and pytest come to the same, item by item, on the reference project."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.runner.pytest_plugin.conftest import Folder

ROOT = Path(__file__).parents[3]
WORST = ("FAIL", "ERROR", "UNPARSED", "BLOCKED", "PENDING", "SKIP", "WARN", "PASS")


@pytest.fixture(scope="module")
def reference(environ: dict[str, str]) -> Iterator[Folder]:
    """The repository's own project, its server's state apart from the developer's."""
    made = Folder(ROOT, environ)
    made.nexiom("db", "start")
    yield made
    made.nexiom("db", "reset")


def item_of(result: dict[str, Any], roles: int) -> str:
    subject, path = result["subject"], f"phases/{result.get('phase')}/phase.yml"
    match result["kind"]:
        case "pending key":
            function = subject.removeprefix("function ").removesuffix("()")
            return f"{path}::{function}::pending {result['attribute'].removeprefix('$.')}"
        case "call":
            function, _, call = subject.partition(": ")
            role = f"[{result['role']}]" if roles > 1 else ""
            return f"{path}::{function}::{call}{role}"
        case "audit":
            return f"audits/{result['attribute']}.sql::{result['attribute']}"
    return subject.replace(": ", "::", 1)


def results(said: str, *kinds: str) -> list[dict[str, Any]]:
    document = json.loads(said)
    every = [*(one for phase in document["phases"] for one in phase["results"]), *document["general"]]
    return [one for one in every if one["kind"] in kinds]


def worst(found: list[dict[str, Any]]) -> dict[str, str]:
    """By item, the outcome that decides."""
    subjects = [(one.get("phase"), one["subject"]) for one in found]
    made: dict[str, set[str]] = {}
    for one in found:
        roles = subjects.count((one.get("phase"), one["subject"]))
        made.setdefault(item_of(one, roles), set()).add(one["outcome"])
    return {item: next(word for word in WORST if word in outcomes) for item, outcomes in made.items()}


@pytest.mark.full
def test_pytest_and_nexiom_come_to_the_same(reference: Folder) -> None:
    ran = reference.pytest("phases", "audits", "tests/sql", "-n", "2", "-p", "no:cacheprovider")
    assert ran.code == 0, ran.out
    test, audit = (reference.nexiom(command, "--format", "json").stdout for command in ("test", "audit"))
    expected = worst(results(test, "call", "sql test", "pending key")) | worst(results(audit, "audit"))
    whole = {item: word for item, word in ran.outcomes.items() if item.endswith(("::the whole script", " its shape"))}
    assert set(whole.values()) == {"PASS"}
    assert {item: word for item, word in ran.outcomes.items() if item not in whole} == expected
    assert len(expected) > 150
