"""The embedded target: nothing to start, and an edit goes back by itself, said in one line."""

import json


def edit(shop) -> None:
    shop.write("phases/1_orders/apply.sql", shop.read("phases/1_orders/apply.sql").replace("10", "11"))


def test_edited_phase_goes_back_by_itself_and_builds(local) -> None:
    assert local.run("build").code == 0
    edit(local)
    ran = local.run("build")
    assert ran.code == 0
    assert ran.err == 'phase "1_orders" was edited: went back to the empty database\n'
    assert (
        'plan: 2 phases, 3 statements, all transactional; goes back, because phase "1_orders" was edited\n' in ran.out
    )
    assert local.run("plan", "--check").code == 0


def test_missing_phase_and_other_inputs_go_back_to_the_state_before(local) -> None:
    local.write("phases/3_x/apply.sql", "select {{ var('region') | literal }};\n")
    local.run("build")
    inputs = local.run("apply", "--var", "region=us")
    assert (inputs.code, inputs.err) == (0, 'phase "3_x" has other inputs: went back to the state after 2_totals\n')
    local.remove("phases/3_x")
    plan = local.run("plan")
    assert plan.out.endswith(
        '\ngoes back, because phase "3_x" is gone: 2 scripts stay\n\n'
        "nothing to run. Nothing was changed. Apply with `nexiom apply --target local`.\n"
    )
    gone = local.run("build")
    assert (gone.code, gone.err) == (0, 'phase "3_x" is gone: went back to the state after 2_totals\n')


REVOKE = "revoke execute on function public.totals() from public;\n"


def test_failed_check_is_mended_by_the_repeatable_that_lacked_a_line(local) -> None:
    settings = local.read("phases/2_totals/phase.yml")
    local.write("phases/2_totals/phase.yml", settings.replace("returns: jsonb", "returns: jsonb\n      execute: []"))
    text = local.read("phases/2_totals/repeatable/totals.sql")
    assert local.run("build").code == 1
    local.write("phases/2_totals/repeatable/totals.sql", text + REVOKE)
    assert local.run("build").code == 0
    local.write("phases/2_totals/repeatable/totals.sql", text)
    ran = local.run("build")
    assert (ran.code, ran.err) == (
        1,
        "2_totals/repeatable/totals.sql changed: went back to the state after 1_orders\n",
    )


def test_phase_whose_audit_of_an_earlier_phase_fails_is_mended_in_place(local) -> None:
    text = "create or replace function public.late() returns int language sql as 'select 1';\n"
    audit = (
        "-- phase: 2_totals\nselect p.proname::text as object,"
        " case when has_function_privilege('anon', p.oid, 'execute')"
        " then 'open to anon' end as problem, 'revoke' as fix from pg_proc as p"
        " where p.pronamespace = 'public'::regnamespace;\n"
    )
    local.write("phases/2_totals/repeatable/totals.sql", local.read("phases/2_totals/repeatable/totals.sql") + REVOKE)
    local.write("audits/closed.sql", audit)
    local.write("phases/3_late/repeatable/late.sql", text)
    assert local.run("build").code == 0  # the audit ran before the function was there
    assert local.run("build").code == 1
    local.write("phases/3_late/repeatable/late.sql", text + REVOKE.replace("totals", "late"))
    ran = local.run("build")
    assert (ran.code, ran.err) == (0, "3_late/repeatable/late.sql changed: went back to the state after 2_totals\n")


def test_db_start_status_url_stop_and_reset(local) -> None:
    started = local.run("db", "start")
    url = local.run("db", "url").out
    assert started.code == 0
    assert started.out.endswith(f", started in T; stays until `nexiom db stop`\n{url}")
    assert ": running, stays until `nexiom db stop`\ndata: " in local.run("db", "status").out
    assert local.run("db", "start").out.endswith(f", already running; stays until `nexiom db stop`\n{url}")
    assert local.run("db", "stop").all == (0, "stopped\n", "")
    assert local.run("db", "stop").all == (0, "not running\n", "")
    assert local.run("db", "reset").all == (0, "removed; the next build begins from an empty database\n", "")


def test_db_status_as_json(local) -> None:
    found = json.loads(local.run("db", "status", "--format", "json").out)
    assert (found["running"], found["in_use"], found["kept"]) == (False, False, False)


def test_reset_begins_from_nothing(local) -> None:
    local.run("build")
    local.run("db", "reset")
    assert "plan: 2 phases, 3 statements, all transactional\n" in local.run("build").out


def test_db_of_a_target_that_is_not_embedded_is_refused(shop, monkeypatch) -> None:
    monkeypatch.setenv("SHOP_DSN", "host=nowhere dbname=nothing")
    assert shop.run("db", "stop", "--target", "staging").all == (
        2,
        "",
        'error: target "staging" is not embedded\nhint: Name one that is, with --target.\n',
    )


def test_no_engine_is_told_with_what_to_do(local) -> None:
    settings = local.read("nexiom.yml").replace("{embedded: true}", "{embedded: true, engine: /nowhere/bin}")
    local.write("nexiom.yml", settings)
    ran = local.run("build")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert "/nowhere/bin" in ran.err
