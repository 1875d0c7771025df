"""`nexiom history`: what was done to the target, when, by whom."""

import json

TABLE = """\
when (UTC)  event    phase or script              by      commit  reason
NOW         applied  1_orders/apply.sql           tester
NOW         applied  2_totals/repeatable/totals.sql  tester
"""


def rows(text: str) -> list[list[str]]:
    """Cells of each line, whatever their widths."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.splitlines()]


def test_every_entry_is_a_line_oldest_first(staging) -> None:
    staging.run("apply")
    ran = staging.run("history")
    assert (ran.code, ran.err) == (0, "")
    assert rows(ran.out) == rows(TABLE)


def test_reason_is_what_a_person_said_or_why_it_failed(staging) -> None:
    staging.write("phases/3_x/apply.sql", "select 1/0;\n")
    staging.run("apply")
    staging.write("phases/1_orders/apply.sql", staging.read("phases/1_orders/apply.sql").replace("10", "11"))
    staging.run("accept", "1_orders", "--reason", "made\nby hand")
    assert rows(staging.run("history").out)[3:] == [
        ["NOW", "failed", "3_x/apply.sql", "tester", "division by zero at phases/3_x/apply.sql:1:1"],
        ["NOW", "accepted", "1_orders/apply.sql", "tester", "made by hand"],
    ]


def test_phase_has_the_entries_of_every_name_it_had(staging) -> None:
    staging.run("apply")
    (staging.root / "phases/1_orders").rename(staging.root / "phases/01_first")
    staging.write("phases/01_first/phase.yml", "renamed_from: 1_orders\n")
    staging.run("apply")
    assert rows(staging.run("history", "01_first").out)[1:] == [
        ["NOW", "applied", "1_orders/apply.sql", "tester"],
        ["NOW", "renamed", "01_first", "tester", "was 1_orders"],
    ]


def test_json_has_everything_an_entry_says(staging) -> None:
    staging.run("apply")
    first, second = json.loads(staging.run("history", "--format", "json").out)
    assert (first["number"], first["event"], first["script"]) == (1, "applied", "1_orders/apply.sql")
    assert second["who"]["user"] == "tester"
    assert len(first["semantic"]) == 64


def test_nothing_applied_is_said(staging) -> None:
    assert staging.run("history").all == (0, "nothing was applied yet\n", "")
    assert json.loads(staging.run("history", "--format", "json").out) == []


def test_unknown_phase_is_told_the_nearest(staging) -> None:
    staging.run("apply")
    assert staging.run("history", "1_order").all == (
        2,
        "",
        'error: the ledger has no entry of phase "1_order"\nhint: Did you mean "1_orders"?\n',
    )
