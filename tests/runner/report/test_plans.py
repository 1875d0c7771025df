"""What a plan says of the transactions of its statements."""

from graph_builders import graph

from nexiom_runner.ledger.fold import EMPTY
from nexiom_runner.plan.make import make_plan
from nexiom_runner.plan.model import Plan, Step, StepState
from nexiom_runner.report.plans import plan_lines, plan_sum, size

SCRIPT = (
    "create table public.t (a int);\ncreate index concurrently i on public.t (a);\nselect 1;\n"
    "-- nexiom: commit\ninsert into public.t values (1);"
)


def test_each_statement_says_its_transaction() -> None:
    made = make_plan(graph({"01_a/apply.sql": SCRIPT}), EMPTY)
    assert [" ".join(line.split()) for line in plan_lines(made, "staging")] == [
        "+ 01_a new",
        "apply.sql create table t transaction 1",
        "create index i on t outside a transaction",
        "select transaction 3",
        "insert into t transaction 4",
        "",
        "1 phase, 4 statements, 1 outside a transaction; 1 script not atomic: what is committed before a failure stays."
        " Nothing was changed. Apply with `nexiom apply --target staging`.",
    ]


def test_plan_of_atomic_scripts_says_nothing_more() -> None:
    made = make_plan(graph({"01_a/apply.sql": "select 1; select 2;"}), EMPTY)
    assert size(made) == "1 phase, 2 statements, all transactional"


def test_plan_of_a_rename_alone_says_what_is_written() -> None:
    assert plan_sum(Plan((), renames={"13_b": "13_a"}), "staging") == (
        "nothing to run; 1 rename to write into the ledger (13_a → 13_b). Nothing was changed. "
        "Apply with `nexiom apply --target staging`."
    )


def test_plan_that_must_be_settled_says_that_apply_stops() -> None:
    gone = Step("01_a/apply.sql", "01_a", "apply", StepState.MISSING, "applied, not on disk")
    assert plan_sum(Plan((gone,)), "staging") == "1 problem to settle first: apply stops. Nothing was changed."
