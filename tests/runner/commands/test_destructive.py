"""What would be taken away is shown by plan, and needs a reason on a protected target."""

import json

from nexiom_runner.database.session import Session

REFUSED = """\
error: phase "3_cleanup" would drop table orders on the protected target "production", and gives no reason
  phases/3_cleanup/apply.sql:2:1
    2 | drop table public.orders cascade;
      | ^
hint: Write `destructive: REASON` into phases/3_cleanup/phase.yml.
"""
HAZARD = """\
hazard: phase "3_cleanup" would drop table orders
  phases/3_cleanup/apply.sql:2:1
    2 | drop table public.orders cascade;
      | ^
detail: {reason}
"""


def cleanup(shop, reason: str = "") -> None:
    shop.write("phases/3_cleanup/apply.sql", "select 1;\ndrop table public.orders cascade;\n")
    shop.write("phases/3_cleanup/phase.yml", f"title: Cleanup\n{reason}")


def test_protected_target_refuses_before_anything_runs(staging, session: Session) -> None:
    cleanup(staging)
    ran = staging.run("apply", "--target", "production")
    assert (ran.code, ran.err) == (2, REFUSED)
    assert session.send("select to_regclass('public.orders'), to_regnamespace('nexiom')")[0].rows == ((None, None),)


def test_reason_lets_it_run(staging) -> None:
    cleanup(staging, "destructive: Orders moved to the shop's own database\n")
    assert staging.run("apply", "--target", "production").code == 0


def test_other_targets_need_no_reason(staging) -> None:
    cleanup(staging)
    assert staging.run("apply").code == 0


def test_plan_shows_it_as_a_hazard(staging) -> None:
    cleanup(staging)
    assert HAZARD.format(reason="It gives no reason; a protected target would refuse it.") in staging.run("plan").out


def test_plan_shows_the_reason(staging) -> None:
    cleanup(staging, "destructive: Moved\n")
    assert HAZARD.format(reason="Its reason: Moved") in staging.run("plan", "--target", "production").out


def test_what_is_applied_already_is_no_hazard(staging) -> None:
    cleanup(staging, "destructive: Moved\n")
    staging.run("apply")
    assert "hazard" not in staging.run("plan").out


def test_reason_is_kept_in_the_entry_of_what_used_it(staging) -> None:
    staging.write("phases/2_totals/phase.yml", "title: Totals\ndestructive: Nothing is taken\n")
    cleanup(staging, "destructive: Moved\n")
    staging.run("apply")
    entries = json.loads(staging.run("history", "--format", "json").out)
    assert [entry.get("details") for entry in entries] == [None, None, {"destructive": "Moved"}]
    assert staging.run("verify").code == 0


def test_reason_stands_beside_what_else_the_entry_keeps(staging) -> None:
    cleanup(staging, "destructive: Moved\n")
    staging.write(
        "phases/3_cleanup/apply.sql", "drop table if exists public.nothing;\ndrop table public.orders cascade;\n"
    )
    staging.run("apply")
    details = json.loads(staging.run("history", "3_cleanup", "--format", "json").out)[0]["details"]
    assert details["destructive"] == "Moved"
    assert details["vacuous"].startswith("phases/3_cleanup/apply.sql:1:1 ")


def test_only_the_segment_that_takes_away_keeps_the_reason(staging) -> None:
    text = "create table public.kept ();\n-- nexiom: commit\ndrop table public.orders cascade;\n"
    staging.write("phases/3_cleanup/apply.sql", text)
    staging.write("phases/3_cleanup/phase.yml", "title: Cleanup\ndestructive: Moved\n")
    staging.run("apply")
    entries = json.loads(staging.run("history", "3_cleanup", "--format", "json").out)
    assert ["details" in entry for entry in entries] == [False, True]


def test_history_shows_the_reason_with_v(staging) -> None:
    cleanup(staging, "destructive: Moved\n")
    staging.run("apply")
    assert "destructive" not in staging.run("history").out
    assert staging.run("history", "-v").out.splitlines()[-1].endswith("  destructive: Moved")


def test_report_shows_the_reason(staging) -> None:
    cleanup(staging, "destructive: Moved *away*\n")
    staging.run("apply")
    staging.run("report", "--out", "markdown=r.md", "--out", "json=r.json")
    assert "- `phases/3_cleanup/apply.sql` took data away: Moved \\*away\\*\n" in staging.read("r.md")
    phases = json.loads(staging.read("r.json"))["phases"]
    assert [script["destructive"] for phase in phases for script in phase["scripts"]] == [None, None, "Moved *away*"]


def test_plan_as_json_lists_what_would_be_taken_away(staging) -> None:
    cleanup(staging, "destructive: Moved\n")
    assert json.loads(staging.run("plan", "--format", "json").out)["hazards"] == [
        {
            "script": "3_cleanup/apply.sql",
            "phase": "3_cleanup",
            "what": "drop table orders",
            "place": "phases/3_cleanup/apply.sql:2:1",
            "reason": "Moved",
        }
    ]
