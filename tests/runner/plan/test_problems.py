"""What must be settled, told with its ways out."""

from dataclasses import replace

from graph_builders import graph
from plan_builders import SCRIPTS, VIEW, applied, entries, plan

from nexiom_runner.errors import describe
from nexiom_runner.ledger.entry import Event
from nexiom_runner.ledger.fold import State, fold
from nexiom_runner.plan.problems import faults, warnings


def told(state: State, scripts: dict[str, str]) -> list[str]:
    made = plan(state, scripts)
    return [*map(describe, faults(made)), *(describe(fault, "warning") for fault in warnings(made))]


def test_edited_phase() -> None:
    scripts = {**SCRIPTS, "01_core/apply.sql": "create table public.core (id bigint);"}
    old, new = (graph(each).scripts[0].semantic_sha[:12] for each in (SCRIPTS, scripts))
    assert told(applied(), scripts) == [
        'error: phase "01_core" was edited after it was applied\n'
        "  phases/01_core/apply.sql:1:1\n"
        "    1 | create table public.core (id bigint);\n"
        "      | ^\n"
        f"detail: Applied 2026-11-20 14:02 UTC by ada with fingerprint {old}, phases/01_core/apply.sql now has {new}.\n"
        "hint: Restore the file and put the change into a new phase; or, where the database already is as the file "
        'says: nexiom accept 01_core --reason "…"'
    ]


def test_commands_name_a_target_that_is_not_the_default_one() -> None:
    edited = plan(applied(), {**SCRIPTS, "01_core/apply.sql": "select 1;"})
    gone = plan(applied(), {key: text for key, text in SCRIPTS.items() if "repeatable" not in key})
    (edit,), (orphan,) = faults(edited, "production"), warnings(gone, "production")
    assert str(edit.hint).endswith('nexiom accept 01_core --target production --reason "…"')
    assert str(orphan.hint).endswith('nexiom retire 01_core --target production --reason "…"')


def test_missing_phase() -> None:
    scripts = {key: text for key, text in SCRIPTS.items() if not key.startswith("02")}
    assert told(applied(), scripts) == [
        'error: phase "02_leads" is applied and not in the project\n'
        "detail: Applied 2026-11-20 14:02 UTC by ada; 02_leads/apply.sql is not on disk.\n"
        "hint: Restore the file; or write `renamed_from:` into the phase that took its place; or, where it is gone for "
        'good: nexiom retire 02_leads --reason "…"'
    ]


def test_phase_that_seems_to_be_renamed() -> None:
    made = {"01_core/apply.sql": SCRIPTS["01_core/apply.sql"], "13_reads/repeatable/v.sql": VIEW}
    moved = {key.replace("13_reads", "13_studio"): text for key, text in made.items()}
    assert told(applied(made), moved) == [
        'error: phase "13_reads" is applied and not in the project; phase "13_studio" holds the same scripts\n'
        "detail: Applied 2026-11-20 14:02 UTC by ada.\n"
        "hint: Write `renamed_from: 13_reads` into phases/13_studio/phase.yml; or, where it is another phase: "
        'nexiom retire 13_reads --reason "…"'
    ]


def test_phase_edited_after_a_part_of_it_was_applied() -> None:
    parts = "select 1;\nvacuum;\nselect 2;"
    made = graph({"01_core/apply.sql": parts})
    first = replace(entries(made)[0], segment=1, segments=3, semantic=made.scripts[0].reached(1))
    first = replace(first, who=replace(first.who, commit="0123456789abcdef"))
    begun = replace(first, event=Event.STARTED, segment=2, semantic=made.scripts[0].reached(2))
    edited = {"01_core/apply.sql": parts.replace("1", "9")}
    head = (
        'error: phase "01_core" was edited after a part of it was applied\n'
        "  phases/01_core/apply.sql:1:1\n"
        "    1 | select 9;\n"
        "      | ^\n"
    )
    assert told(fold([first]), edited) == [
        f"{head}detail: Applied 2026-11-20 14:02 UTC by ada: 1 of 3 segments. phases/01_core/apply.sql no longer "
        "begins with what ran.\n"
        "hint: Restore what ran, as it was at commit 0123456789ab, and change only what follows it; or, where the "
        'database already is as the file now says of it: nexiom accept 01_core --reason "…"'
    ]
    assert told(fold([first, begun]), edited)[0].splitlines()[-1] == (
        "hint: Restore what ran, as it was at commit 0123456789ab, and change only what follows it; or, where the "
        'database already is as the file now says of it: nexiom resolve 01_core --done --reason "…"'
    )


def test_orphan() -> None:
    scripts = {key: text for key, text in SCRIPTS.items() if "repeatable" not in key}
    assert told(applied(), scripts) == [
        "warning: 01_core/repeatable/v.sql is applied and not in the project: "
        "what it created is still in the database\n"
        'hint: Drop it in a phase; then: nexiom retire 01_core --reason "…"'
    ]


def test_other_inputs() -> None:
    history = entries(graph(SCRIPTS))
    assert told(fold([*history[:2], replace(history[2], semantic="0" * 64)]), SCRIPTS) == [
        'warning: phase "02_leads" has other inputs than when it was applied: a macro or a variable changed, the file '
        "did not\n"
        "detail: Applied 2026-11-20 14:02 UTC by ada. Nothing runs for it.\n"
        'hint: To take the new text as what was applied: nexiom accept 02_leads --reason "…"'
    ]
