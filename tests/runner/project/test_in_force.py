"""An attribute or call is in force under the phase that states it last, until a later applied phase states it."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from nexiom_runner.project.in_force import (
    ObjectKey,
    calls_in_force,
    in_force,
    normalised_type,
    object_keys,
    result_in_force,
)
from nexiom_runner.project.load import load_project
from nexiom_runner.project.model import Project

PHASES = ("01_a", "02_b", "03_c")
Stating = Callable[..., Project]


@pytest.fixture
def stating(tmp_path: Path) -> Stating:
    """A project whose phases 01_a, 02_b, 03_c state what is given."""

    def make(*expectations: str) -> Project:
        (tmp_path / "nexiom.yml").write_text(
            'name: x\nversion: "1"\ntargets: {local: {embedded: true}}\ndefault_target: local\n'
        )
        for name, expect in zip(PHASES, expectations, strict=False):
            folder = tmp_path / "phases" / name
            folder.mkdir(parents=True)
            (folder / "apply.sql").write_text("select 1;\n")
            (folder / "phase.yml").write_text("expect:\n" + indent(dedent(expect).strip(), "  ") + "\n")
        return load_project(tmp_path)

    return make


def lines(project: Project, *applied: str) -> list[str]:
    found = in_force(project, applied)
    return [f"{one.phase} {one.key.name} {one.attribute} {one.item}".rstrip() for one in found]


def test_a_later_phase_takes_over_only_what_it_states(stating: Stating) -> None:
    project = stating(
        "tables: {t: {row_security: true, columns: {a: int not null, b: text}}}",
        "tables: {t: {columns: {a: bigint}}}",
    )
    assert lines(project, "01_a") == [
        "01_a t present",
        "01_a t row_security",
        "01_a t type a",
        "01_a t nullability a",
        "01_a t type b",
    ]
    assert lines(project, "01_a", "02_b") == [
        "01_a t row_security",
        "01_a t nullability a",
        "01_a t type b",
        "02_b t present",
        "02_b t type a",
    ]


def test_a_phase_that_is_not_applied_takes_nothing_over(stating: Stating) -> None:
    project = stating("tables: {t: present}", "tables: {t: present}", "tables: {t: present}")
    assert lines(project, "01_a", "03_c") == ["03_c t present"]
    assert lines(project, "02_b") == ["02_b t present"]


def test_the_order_is_that_of_application(stating: Stating) -> None:
    project = stating("tables: {t: present}", "tables: {t: present}")
    assert lines(project, "02_b", "01_a") == ["01_a t present"]


def test_overloads_are_told_apart_by_what_a_caller_passes(stating: Stating) -> None:
    project = stating(
        "functions: {f: [{arguments: {a: int}, security: definer}, {arguments: {a: text}, security: definer}]}",
        "functions: {f: {arguments: {b: INTEGER, c: out text}, security: invoker}}",
    )
    security = [one for one in in_force(project, ["01_a", "02_b"]) if one.attribute == "security"]
    assert [(one.phase, one.key.types, one.value) for one in security] == [
        ("01_a", ("text",), "definer"),
        ("02_b", ("integer",), "invoker"),
    ]


def test_a_function_without_arguments_stated_is_the_one_there_is(stating: Stating) -> None:
    project = stating("functions: {f: {arguments: {a: int}, security: definer}}", "functions: {f: {security: invoker}}")
    assert lines(project, "01_a", "02_b") == ["01_a f arguments", "02_b f present", "02_b f security"]


def test_schemas_and_kinds_are_different_objects(stating: Stating) -> None:
    project = stating("tables: {f: present, crm.f: present}", "functions: {f: present}")
    assert lines(project, "01_a", "02_b") == ["01_a f present", "01_a f present", "02_b f present"]


def test_a_call_restated_is_made_once_under_the_later_phase(stating: Stating) -> None:
    first = """
        functions:
          f:
            arguments: {a: int}
            execute: [anon]
            result: {n: int}
            calls: {one: {with: {a: 1}}, two: {with: {a: 2}}}
    """
    project = stating(first, "functions: {f: {result: {n: int >= 0}, calls: {one: {with: {a: 3}}, three: {}}}}")
    calls = calls_in_force(project, ["01_a", "02_b"])
    assert [(one.phase, one.call.name) for one in calls] == [("01_a", "two"), ("02_b", "one"), ("02_b", "three")]
    assert {tuple(role.value for role in one.execute or ()) for one in calls} == {("anon",)}
    assert all(one.arguments is not None and one.arguments[0].name == "a" for one in calls)
    later = result_in_force(project, ["01_a", "02_b"], calls[0].key)
    assert [one.result == later for one in calls] == [True, True, True]


def test_a_calls_own_result_goes_before_the_functions(stating: Stating) -> None:
    project = stating("functions: {f: {result: {n: int}, calls: {one: {result: {m: int}}, two: {}}}}")
    one, two = calls_in_force(project, ["01_a"])
    assert one.result != two.result == result_in_force(project, ["01_a"], two.key)


def test_a_function_nobody_states_has_no_result(stating: Stating) -> None:
    assert result_in_force(stating("tables: {t: present}"), ["01_a"], ObjectKey("function", "public", "f")) is None


def test_objects_of_phases_have_their_places(stating: Stating) -> None:
    found = object_keys(stating("tables:\n  t: present\nfunctions:\n  f: present"), ["01_a"])
    assert [(phase, key.kind, place.line) for phase, key, place in found] == [
        ("01_a", "table", 3),
        ("01_a", "function", 5),
    ]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("INT", "integer"),
        ("int4 []", "integer[]"),
        ("Decimal( 5 ,2 )", "numeric(5,2)"),
        ("varchar(9)", "character varying(9)"),
        ("char", "character"),
        ('"char"', '"char"'),
        ("timestamp", "timestamp without time zone"),
        ("timestamp with  time zone", "timestamp with time zone"),
        ("pg_catalog.int4", "integer"),
        ('crm."Mo  od"', 'crm."Mo  od"'),
        ("time.t", "time.t"),
    ],
)
def test_a_type_has_one_spelling(text: str, normal: str) -> None:
    assert normalised_type(text) == normal
    assert normalised_type(normal) == normal


def test_what_is_absent_ends_what_was_said_of_it_before(stating: Stating) -> None:
    project = stating(
        "tables: {t: {columns: {a: int}, policies: {p: using (true)}}}\nenums: {mood: [a, b]}",
        "tables: {t: absent}\nenums: {mood: absent}",
        "tables: {t: {columns: {b: int}}}\nenums: {mood: [c]}",
    )
    assert lines(project, "01_a", "02_b") == ["02_b t absent", "02_b mood absent"]
    assert lines(project, *PHASES) == ["03_c t present", "03_c t type b", "03_c mood present", "03_c mood labels"]


def test_a_function_that_is_absent_is_so_with_every_overload_and_call(stating: Stating) -> None:
    overloads = "functions: {f: [{arguments: {a: int}, calls: {one: {with: {a: 1}}}}, {arguments: {}}]}"
    project = stating(overloads, "functions: {f: absent}", "functions: {f: {arguments: {a: int}}}")
    assert lines(project, "01_a", "02_b") == ["02_b f absent"]
    assert calls_in_force(project, ["01_a", "02_b"]) == ()
    assert lines(project, *PHASES) == ["03_c f present", "03_c f arguments"]


def test_one_item_is_restated_and_the_others_stay(stating: Stating) -> None:
    project = stating(
        "tables: {t: {policies: {p: using (true), q: using (true)}, owner: a}}", "tables: {t: {policies: {p: absent}}}"
    )
    assert lines(project, "01_a", "02_b") == ["01_a t policy q", "01_a t owner", "02_b t present", "02_b t policy p"]


def test_a_column_that_is_generated_has_no_default_any_more(stating: Stating) -> None:
    project = stating(
        "tables: {t: {columns: {a: int default 1}}}", "tables: {t: {columns: {a: int generated always as (1) stored}}}"
    )
    (stated,) = [one for one in in_force(project, ["01_a", "02_b"]) if one.attribute == "default"]
    assert (stated.phase, stated.value) == ("02_b", "generated always as (1) stored")


def test_a_condition_and_default_privileges_are_never_missing(stating: Stating) -> None:
    project = stating("holds: {one is one: 1 = 1}\ndefault_privileges: {app: {tables: {}}}")
    assert lines(project, "01_a") == ["01_a app tables", "01_a one is one holds"]
