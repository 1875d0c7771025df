"""Calls as phase.yml says them: who calls, what is there before, cases, a matrix, what must come of it."""

import pytest

from nexiom_runner.errors import Place
from nexiom_runner.project.calling import Count, Raises, TableChange, User, Wording
from nexiom_runner.project.in_force import calls_in_force
from nexiom_runner.project.model import Text
from nexiom_runner.shape.model import Array, Type

PATH = "phases/01_a/phase.yml"


@pytest.fixture
def project(load):
    """The project of one phase whose function f has these calls."""

    def load_calls(text, files=None, head=""):
        body = "\n".join(f"        {line}" for line in text.strip().split("\n"))
        phase = f"{head}expect:\n  functions:\n    f:\n      calls:\n{body}\n"
        return load({"phases/01_a/apply.sql": "select 1;", PATH: phase, **(files or {})})

    return load_calls


@pytest.fixture
def calls(project):
    return lambda text: project(text).phases[0].functions[0].calls


def test_what_must_come_of_a_call_is_read_whole(calls):
    (call,) = calls(
        """a:
  rows: {count: 1..3, each: int}
  notices: [done, ~ ^found]
  changes: {crm.leads: {inserted: 1, deleted: 0..2}}
  twice: true
  within: {buffers: 200}
  only: true"""
    )
    assert (call.rows, call.result) == (Count(1, 3, Place(PATH, 6, 25)), Array(Type("int")))
    assert call.notices == (Wording("done", Place(PATH, 7, 21)), Wording("^found", Place(PATH, 7, 27), is_pattern=True))
    counts = {"inserted": Count(1, 1, Place(PATH, 8, 43)), "deleted": Count(0, 2, Place(PATH, 8, 55))}
    assert call.changes == (TableChange("crm", "leads", Place(PATH, 8, 21), counts),)
    assert (call.twice, call.buffers, call.only) == (True, 200, True)


def test_none_is_no_notice_and_no_change(calls):
    (call,) = calls("a: {notices: none, changes: none}")
    assert (call.notices, call.changes) == ((), ())


def test_an_error_may_be_known_by_its_message(calls):
    (call,) = calls("a: {raises: {sqlstate: 22023, message: ~ must.not}}")
    wording = Wording("must.not", Place(PATH, 5, 48), is_pattern=True)
    assert call.raises == Raises(Place(PATH, 5, 21), "22023", wording)


def test_who_calls_is_a_name_or_a_role_with_claims(calls):
    named, described = calls("a: {as: anna}\nb: {as: {role: authenticated, claims: {sub: x}}}")
    assert (named.role, named.user) == (Text("anna", Place(PATH, 5, 17)), None)
    assert (described.user.role, described.user.claims["sub"].text) == ("authenticated", "x")


def test_a_user_is_known_in_every_phase(project):
    users = "users: {anna: {role: authenticated, claims: {sub: x}}}\n"
    found = project("a: {as: anna}", {"nexiom.yml": f"name: x\n{users}"})
    (call,) = calls_in_force(found, ["01_a"])
    assert call.callers == (User("anna", Place("nexiom.yml", 2, 9), "authenticated", found.users[0].claims),)


def test_cases_by_name_and_as_a_list_have_their_arguments_over_the_calls(calls):
    named, listed = calls(
        """by name:
  with: {a: 1, b: 2}
  cases: {one: {b: 3}, two: {$result: text}}
listed:
  cases: [{a: 1}, {a: [x, {k: y}]}, {$raises: 22023}]
  result: int"""
    )
    assert [(one.name, one.part_of) for one in named.each] == [
        ("by name: one", "by name"),
        ("by name: two", "by name"),
    ]
    assert [{name: node.text for name, node in one.arguments.items()} for one in named.each] == [
        {"a": "1", "b": "3"},
        {"a": "1", "b": "2"},
    ]
    assert [one.result for one in named.each] == [None, Type("text")]
    assert [one.name for one in listed.each] == ["listed: a=1", "listed: a=[x, {k: y}]", "listed: nothing"]
    assert [(one.result, one.raises and one.raises.sqlstate) for one in listed.each] == [
        (Type("int"), None),
        (Type("int"), None),
        (None, "22023"),
    ]


def test_a_matrix_calls_each_case_as_each_user(calls):
    (call,) = calls(
        """a:
  cases: {one: {p: 1}, two: {p: 2}}
  result: int
  matrix: {anon: {raises: 42501}, anna: {}}"""
    )
    found = [(one.name, one.role.value, one.raises is None, one.result) for one in call.each]
    assert found == [
        ("a: one", "anon", False, None),
        ("a: one", "anna", True, Type("int")),
        ("a: two", "anon", False, None),
        ("a: two", "anna", True, Type("int")),
    ]


def test_cases_are_calls_in_force_in_place_of_the_call(project):
    found = project("a: {cases: [{p: 1}, {p: 2}]}\nb: {}")
    assert [one.call.name for one in calls_in_force(found, ["01_a"])] == ["a: p=1", "a: p=2", "b"]


def test_what_is_given_is_the_phases_then_the_calls_with_files_followed(project):
    files = {
        "fixtures/a.sql": "select 1;",
        "fixtures/b.yml": "crm.leads: c.csv\n",
        "fixtures/c.csv": "id,name\n1,x\n2,\n",
    }
    found = project("a: {given: [b.yml, {t: [{k: v}]}]}", files, head="given: a.sql\n")
    sql, csv, rows = calls_in_force(found, ["01_a"])[0].given
    assert sql.path == "fixtures/a.sql"
    assert (csv.schema, csv.name, len(csv.rows), csv.file.text) == ("crm", "leads", 2, "c.csv")
    assert (rows.name, rows.file, rows.rows[0].get("k").text) == ("t", None, "v")
