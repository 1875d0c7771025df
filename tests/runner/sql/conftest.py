"""Scripts out of text, as the stages before would hand them over."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from nexiom_runner.errors import ScriptError, describe
from nexiom_runner.project.model import Source
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.sql.read import read_script
from nexiom_runner.sql.script import Script

CASES = sorted((Path(__file__).parent / "cases").glob("*.sql"))
Read = Callable[..., Script]
Refused = Callable[[str], list[str]]


def rendered(text: str, path: str = "phases/01_a/apply.sql") -> Rendered:
    return Rendered(Source(path, text, hashlib.sha256(text.encode()).hexdigest()), text)


@pytest.fixture
def read() -> Read:
    """The apply.sql of phase 01_a with a text; a repeatable where `file` names one."""

    def reader(text: str, file: str | None = None) -> Script:
        if file is None:
            return read_script(rendered(text), "01_a", "apply")
        return read_script(rendered(text, f"phases/01_a/repeatable/{file}"), "01_a", "repeatable")

    return reader


@pytest.fixture
def refused() -> Refused:
    """The printed faults of a text that is no script."""

    def reader(text: str) -> list[str]:
        with pytest.raises(ScriptError) as caught:
            read_script(rendered(text), "01_a", "apply")
        return [describe(fault) for fault in caught.value.faults]

    return reader


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> str:
    """The text of each file of tricky statements."""
    path: Path = request.param
    return path.read_text(encoding="utf-8")
