"""What nexiom.yml says of a platform, and the extensions that phases create."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import Place
from nexiom_runner.project.stand_in import Grants, StandIn, _named_in, named_extensions
from nexiom_runner.project.targets import resolve_target


def names_in(text: str) -> list[str]:
    return [one.name for one in _named_in(text, "a.sql")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("create extension pgcrypto;", ["pgcrypto"]),
        ("CREATE EXTENSION IF NOT EXISTS Vector WITH SCHEMA extensions;", ["vector"]),
        ('create extension if not exists "uuid-ossp";', ["uuid-ossp"]),
        ("create\n  extension\n  hstore;", ["hstore"]),
        ("-- create extension postgis;\nselect 1;", []),
        ("/* create extension postgis; */ create extension ltree;", ["ltree"]),
        ("comment on extension pgcrypto is 'x'; drop extension hstore;", []),
        ("do $$ begin create extension if not exists pg_net; end $$;", ["pg_net"]),
        ("select 1;", []),
    ],
)
def test_an_extension_is_found_where_a_phase_creates_it(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_its_place_is_that_of_the_name() -> None:
    (found,) = _named_in("select 1;\n/* two\nlines */ create extension hstore;\n", "phases/1_a/apply.sql")
    assert (found.place, found.source) == (Place("phases/1_a/apply.sql", 3, 27), "lines */ create extension hstore;")


@given(st.text(max_size=40), st.from_regex(r"[a-z_][a-z0-9_]{0,9}", fullmatch=True))
def test_whatever_stands_before_a_statement_it_is_found(before: str, name: str) -> None:
    quiet = before.replace("-", "").replace("/", "").replace('"', "")
    assert names_in(f"{quiet}\n;create extension {name};")[-1:] == [name]


def test_phases_and_their_repeatables_are_read_the_first_place_counts(tmp_path: Path) -> None:
    for path in ("phases/01_a/apply.sql", "phases/01_a/repeatable/f.sql", "phases/02_b/apply.sql", "audits/x.sql"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"create extension hstore; create extension e{path.count('/')};")
    found = {one.name: one.place.path for one in named_extensions(tmp_path)}
    assert found == {
        "hstore": "phases/01_a/apply.sql",
        "e2": "phases/01_a/apply.sql",
        "e3": "phases/01_a/repeatable/f.sql",
    }


@pytest.mark.parametrize(
    ("written", "stand_in", "engine"),
    [
        ("{platform: supabase}", StandIn(), None),
        ("{platform: supabase, postgres: 17}", StandIn(17), None),
        ("{platform: supabase, postgres: 15, engine: 16}", StandIn(15), "16"),
        ("{platform: supabase, grants: before-2026-10-30}", StandIn(None, Grants.BEFORE), None),
        ("{platform: supabase, grants: today}", StandIn(), None),
        ("{engine: 16}", None, "16"),
        ("true", None, None),
    ],
)
def test_what_a_target_says_of_its_platform(load, written: str, stand_in: StandIn | None, engine: str | None) -> None:
    target = load({"nexiom.yml": f"name: x\ntargets: {{a: {{embedded: {written}}}}}\n"}).targets["a"]
    assert (target.embedded, target.stand_in, target.engine) == (True, stand_in, engine)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(
            "{platform: supabse}",
            'error: key "targets.a.embedded.platform" expects supabase, found "supabse"\n'
            "  nexiom.yml:2:36\n"
            "    2 | targets: {a: {embedded: {platform: supabse}}}\n"
            "      |                                    ^^^^^^^\n"
            'hint: Did you mean "supabase"?',
            id="misspelt platform",
        ),
        pytest.param(
            "{postgres: 17}",
            'error: key "targets.a.embedded.postgres" is written without "platform"\n'
            "  nexiom.yml:2:36\n"
            "    2 | targets: {a: {embedded: {postgres: 17}}}\n"
            "      |                                    ^^\n"
            "hint: Write platform: supabase beside it, or engine: 17.",
            id="a version of no platform",
        ),
        pytest.param(
            "{grants: today}",
            'error: key "targets.a.embedded.grants" is written without "platform"\n'
            "  nexiom.yml:2:34\n"
            "    2 | targets: {a: {embedded: {grants: today}}}\n"
            "      |                                  ^^^^^\n"
            "hint: Write platform: supabase beside it.",
            id="grants of no platform",
        ),
        pytest.param(
            "{platform: supabase, postgres: 17.6}",
            'error: key "targets.a.embedded.postgres" expects a major version of PostgreSQL, found "17.6"\n'
            "  nexiom.yml:2:56\n"
            "    2 | targets: {a: {embedded: {platform: supabase, postgres: 17.6}}}\n"
            "      |                                                        ^^^^\n"
            "hint: Write 17.",
            id="a minor version",
        ),
        pytest.param(
            "{platform: supabase, grants: old}",
            'error: key "targets.a.embedded.grants" expects today or before-2026-10-30, found "old"\n'
            "  nexiom.yml:2:54\n"
            "    2 | targets: {a: {embedded: {platform: supabase, grants: old}}}\n"
            "      |                                                      ^^^",
            id="other grants",
        ),
    ],
)
def test_a_platform_that_is_not_written_right_is_refused(refused, written: str, said: str) -> None:
    assert refused({"nexiom.yml": f"name: x\ntargets: {{a: {{embedded: {written}}}}}\n"}) == [said]


def test_a_dsn_of_the_environment_stands_in_for_the_platform_too(load) -> None:
    project = load({"nexiom.yml": "name: x\ntargets: {a: {embedded: {platform: supabase}}}\n"})
    assert resolve_target(project, None, {"NEXIOM_TARGET": "a", "NEXIOM_DSN": "host=x"}).stand_in is None
