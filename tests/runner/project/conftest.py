"""Projects written to a temporary folder, and what loading them comes to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nexiom_runner.errors import ProjectError, describe
from nexiom_runner.project.load import load_project
from nexiom_runner.project.model import Project

Write = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files below a folder that has a nexiom.yml already; returns the folder."""

    def write_files(files: dict[str, str | bytes]) -> Path:
        for path, content in {"nexiom.yml": "name: studio\n", **files}.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write_files


@pytest.fixture
def load(write: Write) -> Callable[[dict[str, str | bytes]], Project]:
    """The project that these files make."""
    return lambda files: load_project(write(files))


@pytest.fixture
def refused(write: Write) -> Callable[[dict[str, str | bytes]], list[str]]:
    """Everything that is wrong with these files, as printed."""

    def load_refused(files: dict[str, str | bytes]) -> list[str]:
        with pytest.raises(ProjectError) as caught:
            load_project(write(files))
        return [describe(fault) for fault in caught.value.faults]

    return load_refused
