"""Triggers: timing, events, level, condition, function, whether they fire."""

from collections.abc import Callable

import pytest

Audited = Callable[..., list[str]]

G = """
    create table t (id int, b text);
    create function touch() returns trigger language plpgsql as 'begin return new; end';
    create function "Töuch"() returns trigger language plpgsql as 'begin return new; end';
    create trigger g before update of b, id on t
        for each row when (old.b is distinct from new.b) execute function touch('a', 'b');
    create constraint trigger c after insert or delete on t deferrable initially deferred
        for each row execute function "Töuch"();
    create trigger s after update on t referencing old table as o new table as n
        for each statement execute function touch();
    alter table t enable always trigger s;
"""
VIEW = """
    create view v as select id from t;
    create trigger i instead of insert on v for each row execute function touch();
"""
ROWS = "for each row when (old.b is distinct from new.b) execute function touch('a', 'b')"


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("g", f"before update of id, b {ROWS}"),
        ("g", f"BEFORE UPDATE OF ID, b on public.t {ROWS.replace('touch', 'public.touch')}"),
        (
            "c",
            'constraint after delete or insert deferrable initially deferred for each row execute function "Töuch"()',
        ),
        ("s", "after update referencing new table n old table as o execute procedure touch() enabled always"),
        ("z", "absent"),
    ],
)
def test_a_trigger_in_other_words_passes(audited: Audited, name: str, stated: str) -> None:
    assert audited(G, f"tables:\n  t:\n    triggers:\n      {name}: {stated}")[1:] == [f"PASS table t | trigger {name}"]


@pytest.mark.parametrize(
    ("name", "stated", "said"),
    [
        (
            "g",
            "after update or insert for each row execute function touch()",
            "trigger g timing: expected after, found before"
            " | trigger g events: expected insert or update, found update of b, id"
            " | trigger g arguments: expected none, found 'a', 'b'"
            " | trigger g when: expected None, found old.b IS DISTINCT FROM new.b"
            " | fix: drop trigger g on public.t;\n"
            "create trigger g after update or insert on public.t for each row execute function touch();",
        ),
        (
            "g",
            "before update of id, b for each row when (old.b = new.b) execute function touch('a', 'b')",
            "trigger g when: expected old.b = new.b, found old.b IS DISTINCT FROM new.b"
            " | fix: drop trigger g on public.t;\ncreate trigger g before update of id, b on public.t"
            " for each row when (old.b = new.b) execute function touch('a', 'b');",
        ),
        (
            "g",
            f"before update of id, b {ROWS} disabled",
            "trigger g fires: expected disabled, found enabled | fix: alter table public.t disable trigger g;",
        ),
        (
            "s",
            "after update referencing new table n old table as o execute function touch()",
            "trigger s fires: expected enabled, found enabled always | fix: alter table public.t enable trigger s;",
        ),
        (
            "c",
            "after insert or delete for each row execute function touch()",
            'trigger c function: expected touch, found "Töuch"'
            " | trigger c deferrable: expected not deferrable, found deferrable initially deferred"
            " | trigger c constraint: expected a plain trigger, found a constraint trigger"
            " | fix: drop trigger c on public.t;\n"
            "create trigger c after insert or delete on public.t for each row execute function touch();",
        ),
        (
            "gg",
            "before insert for each row execute function touch() enabled replica",
            "expected before insert for each row execute function touch() enabled replica, found None"
            ' | did you mean "g"? | fix: create trigger gg before insert on public.t'
            " for each row execute function touch();\nalter table public.t enable replica trigger gg;",
        ),
        (
            "g",
            "before insert for each row when (new.bb is null) execute function touch()",
            "expected new.bb is null, found old.b IS DISTINCT FROM new.b | column new.bb does not exist;"
            ' did you mean "b"?',
        ),
        ("g", "absent", "expected absent, found present | fix: drop trigger g on public.t;"),
    ],
)
def test_another_clause_is_told_with_what_makes_it_so(failing: Audited, name: str, stated: str, said: str) -> None:
    lines = failing(G, f"tables:\n  t:\n    triggers:\n      {name}: {stated}")
    assert lines == [f"FAIL table t | trigger {name} | {said}"]


def test_what_cannot_be_read_is_an_error(failing: Audited) -> None:
    assert failing(G, "tables: {t: {triggers: {g: before insert execute function}}}") == [
        "ERROR table t | trigger g | trigger g cannot be evaluated: expected more, found nothing"
        " in `before insert execute function`"
    ]


def test_a_trigger_of_a_view_is_one_too(audited: Audited) -> None:
    lines = audited(G + VIEW, "views: {v: {triggers: {i: instead of insert for each row execute function touch()}}}")
    assert lines[1:] == ["PASS view v | trigger i"]
