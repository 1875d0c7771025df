"""Exposure in a whole build: the check, the exit code, and what the readiness report says of it."""

import json

OPEN = """\
create table public.secrets (value text);
create function public.peek() returns text language sql security definer set search_path = '' as $$
  select s.value from public.secrets as s
$$;
create function public.peek(a integer) returns text language sql security definer set search_path = '' as $$
  select 'nothing'
$$;
revoke execute on function public.peek(), public.peek(integer) from public;
grant execute on function public.peek(), public.peek(integer) to anon;
"""
STATED = """\
expect:
  tables:
    secrets: {sensitive: true, grants: {}}
  functions:
    peek:
      - {arguments: {}, execute: [anon], reason: Everybody may}
      - {arguments: {a: int}, execute: [anon], security: definer, reason: Harmless}
"""


def built(staging, stated):
    staging.write("phases/3_secrets/apply.sql", OPEN)
    staging.write("phases/3_secrets/phase.yml", stated)
    ran = staging.run("build", "-q")
    readiness = json.loads((staging.root / "target/readiness.json").read_text("utf-8"))
    return ran, readiness["phases"][2]["exposed"]


def test_way_that_nobody_accepted_fails_the_build(staging) -> None:
    ran, _ = built(staging, STATED)
    assert ran.code == 1
    assert ran.out == (
        "\nFAIL  3_secrets  function peek()                                                "
        "phases/3_secrets/phase.yml:6\n"
        "      anon reach what is marked sensitive, and nobody accepted that\n"
        "      secrets  not expected  found peek → secrets\n"
        "      fix       add accepted_by: NAME to peek in phases/3_secrets/phase.yml, or close the way\n\n"
    )


def test_report_says_of_each_overload_what_it_reaches(staging) -> None:
    ran, exposed = built(staging, STATED.replace("may}", "may, accepted_by: ann, until: 2999-12-31}"))
    assert (ran.code, ran.out) == (0, "")
    assert [(one["function"], one["reach"]["reads"], one["accepted_by"], one["until"]) for one in exposed] == [
        ("peek", ["secrets (value)"], "ann", "2999-12-31"),
        ("peek", [], None, None),
    ]
