"""Findings become results: at the project's level, at the line that made the object, waived while a waiver holds."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from nexiom_runner.commands.compiling import compile_scripts
from nexiom_runner.errors import ProjectError, describe
from nexiom_runner.lint.judge import check_settings, judge, subject_of
from nexiom_runner.lint.places import Places
from nexiom_runner.lint.rule import Found, levels_of
from nexiom_runner.project.load import load_project
from nexiom_runner.project.model import Project
from nexiom_runner.render.values import Values
from nexiom_runner.results import Result

SETTINGS = "name: x\nversion: '1'\n"
TODAY = date(2026, 11, 22)
OPEN = Found("row-security-off", "table", "public", "notes", "row security is off")
KEYLESS = Found("no-primary-key", "table", "public", "notes", "has no primary key")
WAIVER = "waivers: [{{rule: {rule}, object: {object}, reason: a log, owner: ops, until: {until}}}]\n"

Judged = Callable[..., list[Result]]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Project]:
    def write(settings: str = "", **phases: str) -> Project:
        (tmp_path / "nexiom.yml").write_text(SETTINGS + settings)
        for name, text in (phases or {"a": "\n\ncreate table notes (id int);\n"}).items():
            (tmp_path / f"phases/1_{name}").mkdir(parents=True, exist_ok=True)
            (tmp_path / f"phases/1_{name}/apply.sql").write_text(text)
        return load_project(tmp_path)

    return write


@pytest.fixture
def judged(make: Callable[..., Project]) -> Judged:
    def run(*found: Found, settings: str = "", today: date = TODAY, whole: tuple[str, ...] = (), **phases: str):
        project = make(settings, **phases)
        check_settings(project)
        graph = compile_scripts(project, Values({}, {}, "local", {}))
        levels = levels_of((one.rule.value, one.level) for one in project.rules)
        return judge(found, project, Places(graph.scripts), levels, today, whole)

    return run


def waiver(rule: str = "row-security-off", object: str = "table notes", until: str = "2026-11-22") -> str:
    return WAIVER.format(rule=rule, object=object, until=until)


def test_a_finding_stands_where_its_object_is_created(judged: Judged) -> None:
    (result,) = judged(OPEN)
    assert (result.outcome, result.subject, result.attribute) == ("FAIL", "table notes", "row-security-off")
    assert (result.phase, str(result.place)) == ("1_a", "phases/1_a/apply.sql:3:1")
    assert (result.excerpt, result.width) == ("create table notes (id int);", 27)


def test_errors_come_before_warnings(judged: Judged) -> None:
    assert [one.attribute for one in judged(KEYLESS, OPEN)] == ["row-security-off", "no-primary-key"]


def test_the_project_says_what_a_rule_counts_as(judged: Judged) -> None:
    (result,) = judged(KEYLESS, settings="rules: {no-primary-key: error}\n")
    assert result.outcome == "FAIL"


def test_an_overload_is_found_by_its_types(judged: Judged) -> None:
    sql = "create function f(a int) returns int language sql as 'select 1';\n"
    found = Found("definer-search-path", "function", "public", "f", "…", types="integer")
    (result,) = judged(found, a=sql + sql.replace("a int", "a text"))
    assert result.place is not None
    assert result.place.line == 1


def test_an_object_of_no_script_has_no_place(judged: Judged) -> None:
    (result,) = judged(Found("row-security-off", "table", "public", "stray", "…"))
    assert (result.place, result.phase) == (None, None)


def test_a_constraint_stands_with_its_table(judged: Judged) -> None:
    (result,) = judged(Found("foreign-key-without-index", "constraint", "public", "k", "…", relation="notes"))
    assert (result.subject, str(result.place)) == ("constraint k on notes", "phases/1_a/apply.sql:3:1")


def test_a_waived_finding_passes_and_says_who_answers(judged: Judged) -> None:
    (result,) = judged(OPEN, settings=waiver())
    assert (result.outcome, result.owner, result.until, result.detail) == ("PASS", "ops", "2026-11-22", "waived: a log")


def test_a_star_stands_for_any_text_and_no_bracket_does(judged: Judged) -> None:
    assert judged(OPEN, settings=waiver(object="table n*"))[0].outcome == "PASS"
    assert judged(OPEN, settings=waiver(object="'table [n]otes'"))[0].outcome == "FAIL"


def test_a_waiver_is_of_its_rule_alone(judged: Judged) -> None:
    assert judged(OPEN, settings=waiver(rule="no-primary-key"))[0].outcome == "FAIL"


def test_an_expired_waiver_is_an_error_and_silences_nothing(judged: Judged) -> None:
    found, expired = judged(KEYLESS, settings=waiver("no-primary-key", until="2026-11-21"))
    assert (found.outcome, expired.outcome) == ("WARN", "FAIL")
    assert expired.message == "the waiver of no-primary-key expired on 2026-11-21 (ops: a log)"
    assert (str(expired.place), expired.subject) == ("nexiom.yml:3:42", "table notes")


def test_a_waiver_that_waives_nothing_is_a_warning_where_all_was_seen(judged: Judged) -> None:
    settings = waiver(object="table note")
    _, unused = judged(OPEN, settings=settings, whole=("row-security-off",))
    assert (unused.outcome, unused.fix) == ("WARN", 'did you mean "table notes"?')
    assert unused.message == "row-security-off does not find this: nothing is waived"
    assert len(judged(OPEN, settings=settings)) == 1


def test_a_rule_that_is_none_is_told_with_the_nearest(make: Callable[..., Project]) -> None:
    with pytest.raises(ProjectError) as caught:
        check_settings(make("rules: {no-primary-keys: off}\n"))
    assert (
        describe(caught.value.faults[0])
        == """\
error: unknown rule "no-primary-keys" in "nexiom.yml"
  nexiom.yml:3:9
    3 | rules: {no-primary-keys: off}
      |         ^^^^^^^^^^^^^^^
hint: Did you mean "no-primary-key"?"""
    )


def test_a_rule_that_is_like_none_is_told_where_they_are_listed(make: Callable[..., Project]) -> None:
    with pytest.raises(ProjectError) as caught:
        check_settings(make(waiver(rule="zz")))
    assert caught.value.faults[0].hint == "`nexiom lint --rules` lists them."


@pytest.mark.parametrize(
    ("found", "subject"),
    [
        (Found("r", "table", "crm", "leads", ""), "table crm.leads"),
        (Found("r", "policy", "crm", "Own rows", "", "leads"), 'policy "Own rows" on crm.leads'),
        (Found("r", "function", "public", "f", "", types="integer, public.mood"), "function f(integer, mood)"),
        (Found("r", "function", "public", "f", "", types=""), "function f()"),
        (Found("r", "schema", None, "crm", ""), "schema crm"),
    ],
)
def test_an_object_is_called_as_statements_call_it(found: Found, subject: str) -> None:
    assert subject_of(found) == subject
