"""A folder of phases/ becomes a phase with its expectations."""

import pytest

from nexiom_runner.errors import Place
from nexiom_runner.project.calling import Raises
from nexiom_runner.project.model import (
    ArgumentExpectation,
    ColumnExpectation,
    Flag,
    GrantExpectation,
    IndexExpectation,
    Text,
)
from nexiom_runner.project.phases import phase_number
from nexiom_runner.shape.model import Bound, Type
from nexiom_runner.tree import Scalar

PATH = "phases/12_runner/phase.yml"


@pytest.fixture
def phase(load):
    """The one phase with this phase.yml."""
    settings = "name: x\nsecrets: [KEY]\ntargets: {local: {embedded: true}, production: {dsn: x, protected: true}}\n"
    files = {"nexiom.yml": settings, "phases/12_runner/apply.sql": "select 1;"}
    return lambda text: load({**files, PATH: text}).phases[0]


@pytest.fixture
def table(phase):
    return lambda text: phase(f"expect:\n  tables:\n    {text}\n").tables[0]


@pytest.fixture
def functions(phase):
    return lambda text: phase(f"expect:\n  functions:\n    {text}\n").functions


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("00_platform", (0, "")),
        ("04b_settings", (4, "b")),
        ("04B_settings", (4, "b")),
        ("2026_x", (2026, "")),
        ("12_a-b_C", (12, "")),
        ("settings", None),
        ("04bb_settings", None),
        ("04_", None),
        ("12_é", None),
        ("٣_x", None),
    ],
)
def test_a_phase_begins_with_a_number_and_perhaps_a_letter(name, number):
    assert phase_number(name) == number


def test_files_of_a_phase_are_read(load):
    files = ["apply.sql", "revert.sql", "repeatable/b.sql", "repeatable/a.sql", "README.md", "repeatable/notes.txt"]
    phase = load({f"phases/01_a/{file}": f"-- {file}" for file in files}).phases[0]
    assert (phase.name, phase.path, phase.title, phase.settings) == ("01_a", "phases/01_a", "a", None)
    assert phase.apply is not None
    assert phase.revert is not None
    assert (phase.apply.text, phase.revert.path) == ("-- apply.sql", "phases/01_a/revert.sql")
    assert [source.path for source in phase.repeatables] == [
        "phases/01_a/repeatable/a.sql",
        "phases/01_a/repeatable/b.sql",
    ]


def test_either_kind_of_script_is_enough(load):
    project = load({"phases/01_a/apply.sql": "x", "phases/02_b/repeatable/f.sql": "x"})
    assert [(bool(phase.apply), len(phase.repeatables)) for phase in project.phases] == [(True, 0), (False, 1)]


def test_what_phase_yml_says_of_the_phase_is_read(load):
    text = "title: Runner\nowner: messaging\ntags: [a, b]\nneeds: [04_x]\nrenamed_from: 11_runner\n"
    files = {"phases/12_runner/apply.sql": "x", "phases/04_x/apply.sql": "x", PATH: text}
    phase = load(files).phases[1]
    assert (phase.title, phase.owner, phase.tags) == ("Runner", "messaging", ("a", "b"))
    assert phase.needs == (Text("04_x", Place(PATH, 4, 9)),)
    assert phase.renamed_from == Text("11_runner", Place(PATH, 5, 15))


def test_a_present_table_states_nothing_else(table):
    found = table("messages: present")
    assert (found.schema, found.name, found.place) == ("public", "messages", Place(PATH, 3, 5))
    assert (found.row_security, found.columns, found.indexes, found.grants) == (None, (), (), None)


def test_a_table_is_read_whole(table):
    found = table(
        "crm.leads: {row_security: true, exactly: [columns, indexes],\n"
        "      columns: {id: uuid not null, note: text default 'none'},\n"
        "      indexes: {leads_due: 'unique (channel, id) where id is not null'},\n"
        "      grants: {authenticated: [SELECT, insert], public: []}}"
    )
    assert (found.schema, found.name, found.exactly) == ("crm", "leads", {"columns", "indexes"})
    assert found.row_security == Flag(True, Place(PATH, 3, 31))
    assert found.columns == (
        ColumnExpectation("id", Place(PATH, 4, 17), "uuid", not_null=True),
        ColumnExpectation("note", Place(PATH, 4, 36), "text", default="'none'"),
    )
    definition = "unique (channel, id) where id is not null"
    assert found.indexes == (IndexExpectation("leads_due", Place(PATH, 5, 17), definition),)
    assert found.grants_place == Place(PATH, 6, 15)
    assert found.grants == (
        GrantExpectation("authenticated", ("select", "insert"), Place(PATH, 6, 16)),
        GrantExpectation("PUBLIC", (), Place(PATH, 6, 49)),
    )


def test_no_grants_stated_as_such_is_not_the_same_as_nothing_stated(table):
    assert table("t: {grants: {}}").grants == ()


def test_a_quoted_name_is_one_name(table):
    found = table("'crm.\"Weird.Name\"': present")
    assert (found.schema, found.name) == ("crm", "Weird.Name")


def test_a_function_is_read_whole(functions):
    (found,) = functions(
        "run:\n      arguments:\n        p_since: interval = '1 hour'\n        ids: variadic uuid[]\n"
        "      returns: table(id uuid, n bigint)\n      language: plpgsql\n      volatility: stable\n"
        '      security: definer\n      strict: false\n      search_path: ""\n      execute: [anon, Public]\n'
        "      reason: why\n      result: int >= 0\n"
    )
    assert found.arguments == (
        ArgumentExpectation("p_since", "in", "interval", "'1 hour'", Place(PATH, 5, 9)),
        ArgumentExpectation("ids", "variadic", "uuid[]", None, Place(PATH, 6, 9)),
    )
    assert found.returns == Text("table(id uuid, n bigint)", Place(PATH, 7, 16))
    assert found.search_path == Text("", Place(PATH, 12, 20))
    texts = (found.language, found.volatility, found.security, found.reason)
    assert [text.value for text in texts] == ["plpgsql", "stable", "definer", "why"]
    assert found.strict == Flag(False, Place(PATH, 11, 15))
    assert [role.value for role in found.execute] == ["anon", "PUBLIC"]
    assert (found.execute_place, found.arguments_place) == (Place(PATH, 13, 16), Place(PATH, 5, 9))
    assert found.result == Type("int", (Bound(">=", "0"),))


def test_overloads_are_a_list_under_the_name(functions):
    found = functions("f: [{arguments: {$1: text}}, {arguments: {a: out bigint, $2: uuid}}, {arguments: {}}]")
    assert [[(one.name, one.mode) for one in function.arguments] for function in found] == [
        [("", "in")],
        [("a", "out"), ("", "in")],
        [],
    ]
    assert {function.name for function in found} == {"f"}


def test_a_present_function_states_nothing_else(functions):
    (found,) = functions("f: present")
    assert (found.arguments, found.execute, found.calls) == (None, None, ())


def test_calls_are_read_whole(functions):
    (found,) = functions(
        """f:
      calls:
        fifty:
          as: authenticated
          with: {p_limit: 50, p_key: {$secret: KEY}}
          result: bool
          on: [production]
        none:
          with: {p_limit: null}
          raises: 22023"""
    )
    fifty, none = found.calls
    assert (fifty.name, fifty.place, fifty.on) == ("fifty", Place(PATH, 5, 9), ("production",))
    assert fifty.role == Text("authenticated", Place(PATH, 6, 15))
    assert fifty.arguments["p_limit"] == Scalar("50", Place(PATH, 7, 27))
    assert fifty.result == Type("bool")
    assert none.raises == Raises(Place(PATH, 12, 19), "22023")
    assert none.arguments["p_limit"] == Scalar("null", Place(PATH, 11, 27))


@pytest.mark.parametrize("sqlstate", ["22023", "P0001", "02000", "XX000"])
def test_a_sqlstate_is_the_text_that_was_written(functions, sqlstate):
    assert functions(f"f: {{calls: {{c: {{raises: {sqlstate}}}}}}}")[0].calls[0].raises.sqlstate == sqlstate
