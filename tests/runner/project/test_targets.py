"""Which database is meant, from --target, the environment and nexiom.yml."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import ProjectError, TargetError, describe
from nexiom_runner.project.model import Target
from nexiom_runner.project.targets import read_env_file, resolve_target

SETTINGS = """\
name: studio
targets:
  local: {embedded: true}
  pinned: {embedded: {engine: 16}}
  staging: {dsn: {env: STAGING_DSN}}
  fixed: {dsn: service=fixed}
  production: {dsn: {env: PRODUCTION_DSN}, protected: true}
"""


@pytest.fixture
def project(load):
    return load({"nexiom.yml": SETTINGS})


def chosen(project, name=None, **environ) -> tuple[str, bool, str | None]:
    target = resolve_target(project, name, environ)
    return target.name, target.embedded, target.dsn


def refusal(project, name=None, **environ) -> str:
    with pytest.raises(TargetError) as caught:
        resolve_target(project, name, environ)
    return describe(caught.value.faults[0])


def test_the_default_target_is_used_where_none_is_named(project):
    assert chosen(project) == ("local", True, None)


def test_a_target_is_named_by_option_before_the_variable(project):
    assert chosen(project, "fixed", NEXIOM_TARGET="local") == ("fixed", False, "service=fixed")
    assert chosen(project, None, NEXIOM_TARGET="fixed") == ("fixed", False, "service=fixed")


def test_a_dsn_comes_from_its_variable(project):
    assert chosen(project, "staging", STAGING_DSN="host=s") == ("staging", False, "host=s")


def test_nexiom_dsn_is_a_target_of_its_own(project):
    assert resolve_target(project, None, {"NEXIOM_DSN": "host=x"}) == Target(
        "NEXIOM_DSN", dsn="host=x", dsn_env="NEXIOM_DSN"
    )


def test_nexiom_dsn_stands_in_for_the_connection_of_nexiom_target(project):
    assert chosen(project, None, NEXIOM_TARGET="staging", NEXIOM_DSN="host=x") == ("staging", False, "host=x")
    assert chosen(project, None, NEXIOM_TARGET="local", NEXIOM_DSN="host=x") == ("local", False, "host=x")


def test_nexiom_dsn_never_overrules_the_option(project):
    assert chosen(project, "local", NEXIOM_DSN="host=x") == ("local", True, None)


def test_the_engine_of_an_embedded_target_is_kept(project):
    assert resolve_target(project, "pinned", {}).engine == "16"


def test_an_unknown_target_is_refused_with_the_nearest(project):
    assert refusal(project, "stagin") == (
        'error: unknown target "stagin" in --target\n'
        "detail: Targets in nexiom.yml: local, pinned, staging, fixed, production.\n"
        'hint: Did you mean "staging"?'
    )
    assert refusal(project, None, NEXIOM_TARGET="x").startswith('error: unknown target "x" in NEXIOM_TARGET\n')


def test_a_dsn_whose_variable_is_not_set_is_refused(project):
    assert refusal(project, "staging") == (
        'error: target "staging" takes its DSN from the variable "STAGING_DSN", which is not set\n'
        "  nexiom.yml:5:3\n"
        "hint: Set it: export STAGING_DSN='postgresql://user@host:5432/database'."
    )
    assert "which is empty" in refusal(project, "staging", STAGING_DSN="")


@pytest.mark.parametrize("environ", [{}, {"NEXIOM_DSN": "host=x"}])
def test_a_protected_target_must_be_named_by_the_option(project, environ):
    assert refusal(project, None, NEXIOM_TARGET="production", **environ) == (
        'error: target "production" is protected and not named by --target\nhint: Name it: --target production.'
    )
    assert chosen(project, "production", PRODUCTION_DSN="host=p") == ("production", False, "host=p")


def test_a_project_without_an_open_target_has_no_default(load):
    project = load({"nexiom.yml": "name: x\ntargets: {production: {dsn: x, protected: true}}\n"})
    assert refusal(project) == (
        "error: no target is named, and the project has no default one\n"
        "hint: Write default_target in nexiom.yml, or name one with --target: production."
    )


def test_a_project_without_targets_has_an_embedded_one(load):
    assert chosen(load({})) == ("local", True, None)


ENV = """\
# a comment
PLAIN=a b # comment
export QUOTED="a \\"b\\" # c\\n"
SINGLE='a \\n #' # comment
EMPTY=
HASH=a#b
"""


def test_an_env_file_is_read_as_shells_read_it(tmp_path):
    (tmp_path / ".env").write_text(ENV)
    assert read_env_file(tmp_path, ".env") == {
        "PLAIN": "a b",
        "QUOTED": 'a "b" # c\n',
        "SINGLE": "a \\n #",
        "EMPTY": "",
        "HASH": "a#b",
    }


def test_an_env_file_that_is_not_there_is_empty(tmp_path):
    assert read_env_file(tmp_path, ".env") == {}


def test_what_is_wrong_with_an_env_file_never_shows_a_value(tmp_path):
    (tmp_path / ".env").write_bytes(b'A=1\nhunter2\nB="hunter2\n')
    with pytest.raises(ProjectError) as caught:
        read_env_file(tmp_path, ".env")
    assert [describe(fault) for fault in caught.value.faults] == [
        'error: line 2 of ".env" expects NAME=value\n  .env:2:1',
        'error: line 3 of ".env" expects a quote that closes, and nothing behind it\n  .env:3:1',
    ]


def test_an_env_file_that_is_not_utf8_never_shows_a_value(tmp_path):
    (tmp_path / ".env").write_bytes(b"A=hunter2\xff\n")
    with pytest.raises(ProjectError) as caught:
        read_env_file(tmp_path, ".env")
    assert "hunter2" not in describe(caught.value.faults[0])


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n\\'\"")))
def test_a_value_between_single_quotes_is_itself(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("env")
    (folder / ".env").write_text(f"A='{value}'", encoding="utf-8", newline="")
    assert read_env_file(folder, ".env") == {"A": value}


def test_the_direct_dsn_comes_from_its_variable(load):
    settings = (
        "name: x\ntargets:\n  a: {dsn: host=pool, direct_dsn: {env: DIRECT}}\n  b: {dsn: h=p, direct_dsn: host=d}\n"
    )
    made = load({"nexiom.yml": settings})
    assert resolve_target(made, "a", {"DIRECT": "host=direct"}).direct_dsn == "host=direct"
    assert resolve_target(made, "b", {}).direct_dsn == "host=d"
    stand_in = resolve_target(made, None, {"NEXIOM_TARGET": "b", "NEXIOM_DSN": "host=other"})
    assert (stand_in.dsn, stand_in.direct_dsn) == ("host=other", None)
    assert refusal(made, "a") == (
        'error: target "a" takes its direct DSN from the variable "DIRECT", which is not set\n'
        "  nexiom.yml:3:3\n"
        "hint: Set it: export DIRECT='postgresql://user@host:5432/database'."
    )
