"""What would be taken away is shown by plan, and needs a reason on a protected target."""

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
