"""`nexiom expect`: what the database has, written into phase.yml beside what people wrote."""

import pytest

STATED = """\
# The only phase of sales.
title: Totals     # short
expect:
  functions:
    totals:
      returns: json   # not so
      result: {orders: int >= 1}
      calls:
        counts: {with: {}}   # the one that matters
"""
DIFFERENCE = """\
--- phases/2_totals/phase.yml
+++ phases/2_totals/phase.yml (accepted)
@@ -3,7 +3,11 @@
 expect:
   functions:
     totals:
-      returns: json   # not so
+      arguments: {}
+      returns: jsonb   # not so
+      volatility: stable
+      security: invoker
+      execute: []
       result: {orders: int >= 1}
       calls:
         counts: {with: {}}   # the one that matters
"""


@pytest.fixture
def stated(staging):
    """A project whose expectation is not what the database has."""
    staging.write("phases/2_totals/phase.yml", STATED)
    staging.run("apply")
    return staging


def test_difference_is_shown_and_nothing_written(stated) -> None:
    ran = stated.run("expect", "totals")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == DIFFERENCE
    assert stated.read("phases/2_totals/phase.yml") == STATED


def test_accept_writes_it_and_then_there_is_nothing_to_do(stated) -> None:
    assert stated.run("expect", "--accept").all == (
        0,
        "wrote phases/2_totals/phase.yml\nwrote phases/1_orders/phase.yml\n",
        "",
    )
    assert stated.run("expect").all == (0, "every expectation is as the database is\n", "")
    assert stated.run("build").code == 0


def test_accept_keeps_comments_results_and_calls(stated) -> None:
    stated.run("expect", "--accept", "totals")
    written = stated.read("phases/2_totals/phase.yml")
    assert "# The only phase of sales.\ntitle: Totals     # short\n" in written
    assert "returns: jsonb   # not so\n" in written
    assert "      result: {orders: int >= 1}\n      calls:\n" in written
    assert "counts: {with: {}}   # the one that matters\n" in written


def test_object_of_no_phase_is_refused(stated) -> None:
    ran = stated.run("expect", "totlas")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert '"totlas"' in ran.err
    assert 'Did you mean "totals"?' in ran.err


def test_unknown_phase_is_refused(stated) -> None:
    ran = stated.run("expect", "totals", "--phase", "2_total")
    assert (ran.code, ran.out) == (2, "")
    assert 'Did you mean "2_totals"?' in ran.err


KINDS = """\
expect:
  enums: {mood: [sad, happy]}
  schemas: {crm: absent}
  sequences: {gone: present}
  holds: {one is one: 1 = 1}
"""


@pytest.fixture
def with_kinds(staging):
    """A project that states objects of other kinds than tables and functions."""
    sql = "create type mood as enum ('sad', 'ok'); create schema crm; create sequence s;\n"
    staging.write("phases/3_kinds/apply.sql", sql)
    staging.write("phases/3_kinds/phase.yml", KINDS)
    staging.run("apply")
    return staging


def test_objects_of_other_kinds_are_named_by_their_word(with_kinds) -> None:
    ran = with_kinds.run("expect", "--accept", "enum:mood", "sequence:s", "--phase", "3_kinds")
    assert ran.all == (0, "wrote phases/3_kinds/phase.yml\n", "")
    written = with_kinds.read("phases/3_kinds/phase.yml")
    assert "  enums: {mood: [sad, ok]}\n" in written
    assert "  sequences: {gone: present, s: {type: bigint, " in written


def test_what_is_stated_of_other_kinds_is_looked_at_without_a_name(with_kinds) -> None:
    assert "-  enums: {mood: [sad, happy]}\n+  enums: {mood: [sad, ok]}\n" in with_kinds.run("expect").out


def test_an_object_of_another_kind_that_is_not_there_is_refused(with_kinds) -> None:
    ran = with_kinds.run("expect", "enum:moood")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'error: no enum "moood" in the database\nhint: Did you mean "mood"?\n'


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("enumm:mood", 'Did you mean "enum"?'),
        ("table:orders", "Write orders: tables and functions stand without it."),
    ],
)
def test_a_kind_that_is_not_there_is_refused_with_what_was_meant(staging, asked: str, hint: str) -> None:
    staging.run("apply")
    ran = staging.run("expect", asked)
    assert ran.all == (2, "", f'error: unknown kind "{asked.partition(":")[0]}" in "{asked}"\nhint: {hint}\n')
