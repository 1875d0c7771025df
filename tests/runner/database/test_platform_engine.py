"""The engine for a stand-in: the one with the extensions the phases create, of those the nearest to the platform's."""

from pathlib import Path

import pytest

from nexiom_runner.database import platform_engine
from nexiom_runner.database.engine import Engine, choose_engine
from nexiom_runner.database.platform_engine import choose_for, extensions_of
from nexiom_runner.database.platform_extensions import WRITTEN
from nexiom_runner.errors import Place, TargetError, describe
from nexiom_runner.project.stand_in import NamedExtension, StandIn

BROUGHT = frozenset(WRITTEN)


def named(*names: str) -> list[NamedExtension]:
    return [NamedExtension(name, Place("phases/1_a/apply.sql", 1, 18), f"create extension {name};") for name in names]


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Engine]:
    """Three engines: 18 and 16 with vector alone, 15 with contrib modules."""
    made = {}
    for version, extensions in (("18.1", "vector"), ("16.2", "vector"), ("15.3", "pgcrypto hstore")):
        folder = tmp_path / version / "share" / "extension"
        folder.mkdir(parents=True)
        for name in ("plpgsql", *extensions.split()):
            (folder / f"{name}.control").touch()
        made[version] = Engine(tmp_path / version / "bin", version)
    monkeypatch.setattr(platform_engine, "find_engines", lambda: tuple(made.values()))
    return made


@pytest.mark.parametrize(
    ("asked", "names", "version"),
    [
        (18, (), "18.1"),
        (17, (), "18.1"),
        (16, (), "16.2"),
        (15, (), "15.3"),
        (None, (), "18.1"),
        (15, ("vector",), "16.2"),
        (18, ("hstore",), "15.3"),
        (18, ("pgcrypto",), "15.3"),
        (17, ("pg_net", "pg_cron"), "18.1"),
        (17, ("pgcrypto", "vector"), "18.1"),
    ],
)
def test_the_one_that_suits_best_is_chosen(engines, asked: int | None, names: tuple[str, ...], version: str) -> None:
    assert choose_for(StandIn(asked), None, named(*names), BROUGHT) == engines[version]


def test_an_extension_that_none_has_is_told_with_what_to_install(engines) -> None:
    with pytest.raises(TargetError) as raised:
        choose_for(StandIn(17), None, named("postgis"), BROUGHT)
    looked = ", ".join(f"{engine.version} in {engine.bin}" for engine in engines.values())
    assert describe(raised.value.faults[0]) == (
        'error: no PostgreSQL here has the extension "postgis"\n'
        "  phases/1_a/apply.sql:1:18\n"
        "    1 | create extension postgis;\n"
        "      |                  ^^^^^^^\n"
        f"detail: Looked at {looked}.\n"
        "hint: Install a PostgreSQL that has it (Debian: postgresql-17-postgis-3); nexiom finds it there."
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ltree", "Install a PostgreSQL that has it (Debian: postgresql-16); nexiom finds it there."),
        ("mine", "Install a PostgreSQL that has it, and name the folder of its programs: engine: /folder/bin."),
    ],
)
def test_the_hint_names_the_package_where_it_is_known(engines, name: str, hint: str) -> None:
    with pytest.raises(TargetError) as raised:
        choose_for(StandIn(16), None, named(name), BROUGHT)
    assert raised.value.faults[0].hint == hint


def test_extensions_that_no_engine_has_together_are_told(engines) -> None:
    with pytest.raises(TargetError) as raised:
        choose_for(StandIn(17), None, named("vector", "hstore"), BROUGHT)
    assert raised.value.faults[0].message == (
        'no PostgreSQL here has all the project\'s extensions; 18.1 lacks "hstore"'
    )


def test_an_engine_that_is_named_is_taken_whatever_its_version() -> None:
    assert choose_for(StandIn(17), "16", named("vector"), BROUGHT) == choose_engine("16")


def test_what_an_engine_has_is_read_from_its_folder() -> None:
    assert extensions_of(choose_engine("18")) == {"plpgsql", "vector"}
