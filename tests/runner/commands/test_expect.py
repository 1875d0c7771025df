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
