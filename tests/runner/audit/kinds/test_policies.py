"""Row security policies: subqueries are compared as the server understands them, not as they are written."""

from collections.abc import Callable

import pytest

Audited = Callable[..., list[str]]

P = """
    create table people (id int, who text);
    create table t (id int, owner text);
    create policy r on t for select to authenticated using (owner = current_user);
    create policy w on t as restrictive for update to anon, authenticated
        using (true) with check (exists (select from people where people.id = t.id));
    create policy a on t;
"""
W = "as restrictive for update to authenticated, anon using (true)"


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("r", "for select to authenticated using (owner::text = CURRENT_USER or false)"),
        ("r", 'as permissive FOR SELECT TO "authenticated" USING ((t.owner = current_user))'),
        ("w", f"{W} with check (exists (select from public.people where people.id = t.id))"),
        ("w", f"{W} with check (exists (select from people as people where (people.id) = t.id))"),
        ("a", "for all to public"),
        ("z", "absent"),
    ],
)
def test_a_policy_in_other_words_passes(audited: Audited, name: str, stated: str) -> None:
    lines = audited(P, f"tables: {{t: {{policies: {{{name}: '{stated}'}}}}}}")
    assert lines[1:] == [f"PASS table t | policy {name}"]


GREATER = "exists (select from people where people.id > t.id)"
FOUND = "EXISTS ( SELECT FROM people WHERE (people.id = t.id))"


@pytest.mark.parametrize(
    ("name", "stated", "said"),
    [
        (
            "r",
            "for select to authenticated using (true)",
            "policy r using: expected true, found owner = CURRENT_USER | fix: alter policy r on public.t using (true);",
        ),
        (
            "r",
            "for select to anon using (owner = current_user)",
            "policy r roles: expected anon, found authenticated | fix: alter policy r on public.t to anon;",
        ),
        (
            "r",
            "as restrictive for all to authenticated using (owner = current_user)",
            "policy r command: expected all, found select | policy r as: expected restrictive, found permissive"
            " | fix: drop policy r on public.t;\n"
            "create policy r on public.t as restrictive for all to authenticated using (owner = current_user);",
        ),
        (
            "r",
            "for select to authenticated using (owner = (select current_user))",
            "policy r using: expected owner = (select current_user), found owner = CURRENT_USER"
            " | fix: alter policy r on public.t using (owner = (select current_user));",
        ),
        (
            "w",
            f"{W} with check ({GREATER})",
            f"policy w with check: expected {GREATER}, found {FOUND}"
            f" | fix: alter policy w on public.t with check ({GREATER});",
        ),
        (
            "w",
            W,
            f"policy w with check: expected None, found {FOUND} | fix: drop policy w on public.t;\n"
            f"create policy w on public.t {W};",
        ),
        (
            "w",
            f"{W} with check (exists (select from peopl))",
            f'expected exists (select from peopl), found {FOUND} | relation "peopl" does not exist',
        ),
        (
            "rr",
            "using (true)",
            'expected using (true), found None | did you mean "r"? | fix: create policy rr on public.t using (true);',
        ),
        ("r", "absent", "expected absent, found present | fix: drop policy r on public.t;"),
    ],
)
def test_another_clause_is_told_with_what_makes_it_so(failing: Audited, name: str, stated: str, said: str) -> None:
    lines = failing(P, f"tables: {{t: {{policies: {{{name}: '{stated}'}}}}}}")
    assert lines == [f"FAIL table t | policy {name} | {said}"]


def test_two_subqueries_over_empty_tables_are_not_the_same(failing: Audited) -> None:
    sql = """
        create table a (id int) partition by range (id); create table b (id int) partition by range (id);
        create table t (id int); create policy p on t using (exists (select from a where a.id = t.id));
    """
    lines = failing(sql, "tables: {t: {policies: {p: 'using (exists (select from b where b.id = t.id))'}}}")
    assert [line.split(" | ")[0] for line in lines] == ["FAIL table t"]


def test_what_cannot_be_read_is_an_error(failing: Audited) -> None:
    assert failing(P, "tables: {t: {policies: {r: for reading using (true)}}}") == [
        "ERROR table t | policy r | policy r cannot be evaluated: "
        'expected all or select or insert or update or delete, found "reading using (" in `for reading using (true)`'
    ]


ROWS = """
    create table t (id int, owner text);
    create function may_see(t) returns boolean language sql stable as 'select $1.id > 0';
    create policy p on t using (may_see(t.*));
    create policy s on t using (tableoid > 0::oid);
    create table empty ();
    create policy e on empty using (tableoid > 0::oid);
"""


def test_a_policy_may_speak_of_a_row_or_a_system_column(failing: Audited) -> None:
    stated = "tables: {t: {policies: {p: using (may_see(t)), s: using (t.tableoid>0)}}}"
    assert failing(ROWS, stated.replace("t.tableoid>0", "tableoid > '0'::oid")) == []


def test_another_row_function_is_told(failing: Audited) -> None:
    assert failing(ROWS, "tables: {t: {policies: {p: 'using (may_see(t) is true)'}}}") == [
        "FAIL table t | policy p | policy p using: expected may_see(t) is true, found may_see(t.*)"
        " | fix: alter policy p on public.t using (may_see(t) is true);"
    ]


def test_a_table_without_columns_has_policies_too(failing: Audited) -> None:
    assert failing(ROWS, "tables: {empty: {policies: {e: using (tableoid > '0'::oid)}}}") == []
