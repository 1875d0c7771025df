"""`nexiom audit`, `test`, `status`, `ls`, `graph`, `render`, `report`: looking at what is there."""

import json
import xml.etree.ElementTree as xml

import pytest

STATUS = """\
phase     state    applied           by      checks    note
1_orders  applied  NOW  tester  none
2_totals  applied  NOW  tester  4 passed
"""


@pytest.fixture
def built(staging):
    """A project that was built."""
    assert staging.run("build").code == 0
    return staging


def test_audit_compares_and_tests_nothing(built) -> None:
    ran = built.run("audit")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith(
        "\n\naudits   none                           tests   none\n\n"
        "PASSED   2 phases, 3 checks: 3 passed, 0 failed, 0 waiting, 0 not looked at   in T\n"
    )


def test_test_calls_and_compares_nothing(built) -> None:
    ran = built.run("test", "--select", "2_totals")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith(
        "\n\naudits   none                           tests   1 passed\n\n"
        "PASSED   1 phase, 1 check: 1 passed, 0 failed, 0 waiting, 0 not looked at   in T\n"
    )


def test_audit_finds_what_was_changed_by_hand(built) -> None:
    built.run("sql", "-c", "alter function public.totals() security definer")
    settings = built.read("phases/2_totals/phase.yml").replace("returns:", "security: invoker\n      returns:")
    built.write("phases/2_totals/phase.yml", settings)
    ran = built.run("audit", "-q")
    assert (ran.code, ran.err) == (1, "")
    assert "      security  expected invoker  found definer\n" in ran.out


def test_checks_of_what_is_not_applied_fail_the_command(staging) -> None:
    ran = staging.run("audit")
    assert ran.code == 1
    assert " 2_totals pending" in ran.out
    assert "FAILED   2 phases (2 not applied)" in ran.out


def test_status_after_a_build(built) -> None:
    assert built.run("status").all == (0, STATUS, "")


def test_status_before_anything_is_applied(staging) -> None:
    ran = staging.run("status")
    assert ran.all == (
        0,
        "phase     state    applied  by  checks   note\n1_orders  pending               not run\n"
        "2_totals  pending               not run\n",
        "",
    )


def test_status_forgets_checks_of_an_older_ledger(built) -> None:
    built.write("phases/3_x/apply.sql", "select 1;\n")
    built.run("apply")
    assert "2_totals  applied  NOW  tester  not run\n" in built.run("status").out


JSON_COMMANDS = ("build", "plan", "status", "ls", "render", "report", "doctor", "audit", "test")


@pytest.mark.parametrize("command", JSON_COMMANDS)
def test_json_on_stdout_is_json_and_nothing_else(built, command: str) -> None:
    ran = built.run(command, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)


def test_json_of_a_failing_build_is_json_still(staging) -> None:
    staging.write("phases/3_x/apply.sql", "select nope;\n")
    ran = staging.run("build", "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.out)["verdict"] == "NOT READY"
    assert 'error: phase "3_x" failed: column "nope" does not exist\n' in ran.err


def test_files_written_agree_with_the_counts_printed(staging) -> None:
    settings = staging.read("phases/2_totals/phase.yml").replace("int >= 1", "int >= 5")
    staging.write("phases/2_totals/phase.yml", settings)
    outs = [f"--out={name}=out/{name}" for name in ("junit", "json", "markdown")]
    ran = staging.run("build", *outs)
    assert ran.code == 1
    assert ": 3 passed, 1 failed, 0 waiting, 0 not looked at   in T\n" in ran.out
    suites = xml.fromstring(staging.read("out/junit"))
    cases = list(suites.iter("testcase"))
    assert (len([case for case in cases if case.find("failure") is not None])) == 1
    counts = json.loads(staging.read("out/json"))["counts"]
    assert (counts["passed"], counts["failed"]) == (3, 1)
    assert staging.read("out/markdown").startswith("# Readiness of shop on staging: NOT READY\n")
    assert "3 of 4 checks passed" in staging.read("out/markdown")


def test_report_is_markdown_with_its_verdict(built) -> None:
    ran = built.run("report")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(
        "# Readiness of shop on staging: READY\n\nAll 2 phases are applied and unchanged; 5 of 5 checks passed.\n"
    )


def test_report_in_french(built) -> None:
    assert built.run("report", "--lang", "fr").out.splitlines()[0].startswith("# ")


def test_report_writes_files_and_prints_the_verdict(built) -> None:
    ran = built.run("report", "--out", "markdown=out/report.md")
    assert ran.all == (
        0,
        "markdown: out/report.md\nREADY   2 phases, 5 checks: 5 passed, 0 failed, 0 waiting, 0 not looked at   in T\n",
        "",
    )
    assert built.read("out/report.md").startswith("# Readiness of shop on staging: READY\n")


def test_report_of_what_is_not_applied_is_not_ready(staging) -> None:
    ran = staging.run("report")
    assert ran.code == 1
    assert ran.out.startswith("# Readiness of shop on staging: NOT READY\n\n0 of 2 phases are applied")


def test_graph_says_what_waits_for_what(shop) -> None:
    assert shop.run("graph").all == (
        0,
        "1_orders/apply.sql\n2_totals/repeatable/totals.sql\n"
        '    after 1_orders/apply.sql   mentions table "public.orders"\n',
        "",
    )


def test_graph_as_mermaid(shop) -> None:
    assert shop.run("graph", "--mermaid").out == (
        'flowchart LR\n    s0["1_orders/apply.sql"]\n    s1["2_totals/repeatable/totals.sql"]\n'
        '    s0 -->|"mentions table #quot;public.orders#quot;"| s1\n'
    )


SELECTIONS = (
    (["--select", "2_totals"], ["2_totals"]),
    (["--select", "+2_totals"], ["1_orders", "2_totals"]),
    (["--select", "1_orders+"], ["1_orders", "2_totals"]),
    (["--select", "*_or*"], ["1_orders"]),
    (["--select", "tag:paid"], ["3_paid"]),
    (["--exclude", "tag:paid"], ["1_orders", "2_totals"]),
    (["--select", "tag:paid", "--select", "1_orders"], ["1_orders", "3_paid"]),
)


@pytest.mark.parametrize(("options", "expected"), SELECTIONS)
def test_selection_of_phases(shop, options: list[str], expected: list[str]) -> None:
    shop.write("phases/3_paid/phase.yml", "tags: [paid]\n")
    shop.write("phases/3_paid/apply.sql", "select 1;\n")
    listed = json.loads(shop.run("ls", "--format", "json", *options).out)
    assert [phase["name"] for phase in listed] == expected


def test_render_prints_what_would_be_sent(shop) -> None:
    shop.write("phases/3_x/apply.sql", "select {{ var('region') | literal }}, '{{ secret('SHOP_KEY') }}';\n")
    ran = shop.run("render", "--select", "3_x", "--var", "region=o'us")
    assert ran.all == (0, "-- phases/3_x/apply.sql\nselect 'o''us', '‹secret:SHOP_KEY›';\n\n", "")
