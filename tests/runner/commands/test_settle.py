"""Files that changed after they were applied: a target that is kept stops and names the way out."""

from nexiom_runner.database.session import Session

EDITED = (
    'error: phase "1_orders" was edited after it was applied\n'
    "  phases/1_orders/apply.sql:1:1\n"
    "    1 | create table public.orders (id integer primary key, amount integer not null);\n"
    "      | ^\n"
    "detail: Applied NOW UTC by {who} with fingerprint 90d23170f135, phases/1_orders/apply.sql now has 8a920da46c4f.\n"
    "hint: Restore the file and put the change into a new phase; or, where the database already is as the file says: "
    'nexiom accept 1_orders --target staging --reason "…"\n'
)
MISSING = (
    'error: phase "1_orders" is applied and not in the project\n'
    "detail: Applied NOW UTC by {who}; 1_orders/apply.sql is not on disk.\n"
    "hint: Restore the file; or write `renamed_from:` into the phase that took its place; or, where it is gone for "
    'good: nexiom retire 1_orders --target staging --reason "…"\n'
)


def edit(shop) -> None:
    shop.write("phases/1_orders/apply.sql", shop.read("phases/1_orders/apply.sql").replace("10", "11"))


def reasons(session: Session) -> list[str | None]:
    query = "select entry::jsonb ->> 'reason' from nexiom.ledger where event in ('accepted', 'retired')"
    return [row[0] for row in session.send(query)[0].rows]


def test_edited_phase_stops_build_before_any_check(staging, who) -> None:
    staging.run("build")
    edit(staging)
    ran = staging.run("build")
    assert ran.all == (1, "nexiom 0.1.0 · shop · target staging (DATABASE)\n", EDITED.format(who=who))


def test_edited_phase_stops_apply(staging, who) -> None:
    staging.run("apply")
    edit(staging)
    assert staging.run("apply", "-q").all == (1, "", EDITED.format(who=who))


def test_edited_phase_is_told_by_plan_and_status(staging, who) -> None:
    staging.run("apply")
    edit(staging)
    plan, status = staging.run("plan"), staging.run("status")
    assert (plan.code, status.code) == (0, 1)
    assert EDITED.format(who=who) in plan.out
    assert EDITED.format(who=who) in status.out
    assert "1_orders  edited   NOW" in status.out


def test_accept_settles_an_edited_phase(staging, session) -> None:
    staging.run("apply")
    edit(staging)
    ran = staging.run("accept", "1_orders", "--reason", "made by hand")
    assert ran.all == (0, "accepted 1_orders/apply.sql\n", "")
    assert staging.run("build").code == 0
    assert reasons(session) == ["made by hand"]


def test_accept_of_what_is_as_it_was_is_refused(staging) -> None:
    staging.run("apply")
    message = 'error: nothing to accept: phase "1_orders" is not edited, and its inputs are what they were\n'
    assert staging.run("accept", "1_orders", "--reason", "x").all == (2, "", message)


def test_missing_phase_stops_and_retire_settles_it(staging, session, who) -> None:
    staging.run("apply")
    staging.remove("phases/1_orders")
    assert staging.run("apply", "-q").all == (1, "", MISSING.format(who=who))
    ran = staging.run("retire", "1_orders", "--reason", "moved away")
    assert ran.all == (0, "retired 1_orders/apply.sql\n", "")
    assert staging.run("apply").code == 0
    assert reasons(session) == ["moved away"]


def test_retire_of_an_unknown_phase_names_the_nearest(staging) -> None:
    staging.run("apply")
    assert staging.run("retire", "1_order", "--reason", "x").all == (
        2,
        "",
        'error: nothing to retire: no phase is named "1_order"\nhint: Did you mean "1_orders"?\n',
    )


def test_other_inputs_are_a_warning_and_run_nothing(staging, who) -> None:
    staging.write("phases/3_x/apply.sql", "select {{ var('region') | literal }};\n")
    staging.run("build")
    ran = staging.run("build", "--var", "region=us")
    assert ran.code == 0
    assert (
        "staging is up to date: 3 phases, last applied just now, 1 warning\n"
        'warning: phase "3_x" has other inputs than when it was applied: a macro or a variable changed, '
        "the file did not\n"
        f"detail: Applied NOW UTC by {who}. Nothing runs for it.\n"
        'hint: To take the new text as what was applied: nexiom accept 3_x --target staging --reason "…"\n'
    ) in ran.out
    assert "\nREADY   3 phases" in ran.out


def test_repeatable_that_is_gone_is_a_warning(staging) -> None:
    staging.write("phases/3_x/repeatable/one.sql", "create or replace view public.one as select 1 as one;\n")
    staging.write("phases/3_x/repeatable/two.sql", "create or replace view public.two as select 2 as two;\n")
    staging.run("build")
    staging.remove("phases/3_x/repeatable/one.sql")
    ran = staging.run("build")
    assert ran.code == 0
    assert (
        "warning: 3_x/repeatable/one.sql is applied and not in the project: what it created is still in the database\n"
        'hint: Drop it in a phase; then: nexiom retire 3_x --target staging --reason "…"\n'
    ) in ran.out


def test_phase_of_repeatables_that_is_gone_is_not_up_to_date_for_status(staging) -> None:
    staging.write("phases/3_x/repeatable/one.sql", "create or replace view public.one as select 1 as one;\n")
    staging.run("build")
    staging.remove("phases/3_x")
    assert staging.run("plan").out.endswith(
        "staging is up to date: 2 phases, last applied just now, 1 phase not in the project, 1 warning"
        "; the catalog was not compared (nexiom audit)\n"
    )
    assert staging.run("status").code == 1


def test_renamed_phase_keeps_its_history(staging) -> None:
    staging.run("build")
    (staging.root / "phases/1_orders").rename(staging.root / "phases/01_first")
    staging.write("phases/01_first/phase.yml", "renamed_from: 1_orders\n")
    ran = staging.run("build")
    assert (ran.code, ran.err) == (0, "")
    assert "\nREADY   2 phases, 4 checks" in ran.out
    assert staging.run("plan", "--check").code == 0
