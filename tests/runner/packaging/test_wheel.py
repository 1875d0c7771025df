"""What `pip install .` puts on a machine, and that it works there; `full`, because it downloads."""

import os
import subprocess
import sys
import tarfile
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from nexiom_runner import __version__

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "nexiom_runner"
pytestmark = pytest.mark.full


def run(*command: str | Path, cwd: Path) -> str:
    """What a command wrote; it must succeed."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NEXIOM", "PYTEST"))}
    done = subprocess.run(
        command, cwd=cwd, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def without_caches(paths: Iterator[Path]) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in paths if path.is_file() and "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that has the wheel and what it asks for, nothing else."""
    home = tmp_path_factory.mktemp("an environment")
    venv.create(home, with_pip=True)
    run(home / "bin/python", "-m", "pip", "install", "--quiet", wheel, cwd=home)
    return home / "bin"


def test_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    names = {name for name in ZipFile(wheel).namelist() if not name.startswith("nexiom-")}
    assert names == without_caches(PACKAGE.rglob("*"))


def test_wheel_holds_the_files_as_they_are(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.startswith("nexiom-"):
                assert archive.read(name) == (ROOT / name).read_bytes(), name


@pytest.mark.parametrize("kind", ["py.typed", "schemas/phase.json", "templates/init/nexiom.yml", "database/sql"])
def test_wheel_holds_more_than_python(wheel: Path, kind: str) -> None:
    assert any(name.startswith(f"nexiom_runner/{kind}") for name in ZipFile(wheel).namelist())


def test_wheel_is_for_any_machine(wheel: Path) -> None:
    assert wheel.name == f"nexiom-{__version__}-py3-none-any.whl"


def test_installed_it_builds_a_new_project(installed: Path, tmp_path: Path) -> None:
    run(installed / "nexiom", "init", "été et hiver", cwd=tmp_path)
    said = run(installed / "nexiom", "build", cwd=tmp_path / "été et hiver")
    assert "\nREADY " in said


def test_module_and_console_script_are_one(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "nexiom", "--version", cwd=tmp_path) == f"nexiom {__version__}\n"
    assert run(installed / "python", "-m", "nexiom_runner", "--version", cwd=tmp_path) == f"nexiom {__version__}\n"


def test_installed_versions_suit_one_another(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "python", "-m", "pip", "check", cwd=tmp_path) == "No broken requirements found.\n"


def test_sdist_can_be_tested_and_tried(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", tmp_path, cwd=ROOT)
    (made,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(made) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert without_caches(PACKAGE.rglob("*")) <= names
    assert {"Makefile", "LICENSE", "nexiom.yml", ".ci/environment.py", "tests/runner/conftest.py"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith((".venv", "target", ".git/"))]
