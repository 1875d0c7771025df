"""The Markdown report: first screen whole, everything escaped, same input same bytes."""

import re
from dataclasses import replace

import pytest
from report_builders import CALL, PASSED, SKIPPED, WAITING, readiness

from nexiom_runner.report.markdown import escaped, render_markdown
from nexiom_runner.report.readiness import Readiness
from nexiom_runner.results import Reach


def test_the_first_screen_holds_verdict_scope_and_open_work() -> None:
    assert render_markdown(readiness(PASSED, WAITING)).split("\n## Phase by phase")[0] == (
        "# Readiness of nexiom_studio on staging: READY WITH PENDING\n\n"
        "The phase is applied and unchanged; 1 of 2 checks passed; 1 waits for someone.\n\n"
        "|  |  |\n| --- | --- |\n"
        "| Checked | 2026-11-22 15:10 UTC by ci, commit 9f2c41a0b1c2 (clean), nexiom 0.1.0, role auditor |\n"
        "| Database | studio, PostgreSQL 17.6, system 7349, protected: no |\n"
        "| Not looked at | nothing (6 of 6 statements read; 5 objects compared; 2 of 2 exposed functions called) |\n"
        f"| Ledger | 61 entries, head {'ab' * 32} |\n\n"
        "## Waiting for someone\n\n"
        "| what | who | why | until |\n| --- | --- | --- | --- |\n"
        "| WHATSAPP_ACCESS_TOKEN | infrastructure | settings_overview() says it is not set | – |\n"
    )


def test_the_report_speaks_french() -> None:
    text = render_markdown(readiness(PASSED, WAITING), "fr")
    assert text.startswith("# État de préparation de nexiom_studio sur staging\u00a0: PRÊT, AVEC DES ATTENTES")
    assert "## En attente de quelqu’un" in text
    assert "Waiting" not in text
    assert "| settings_overview() dit que ce n’est pas réglé |" in text
    assert re.search(r"[^\u202f];|\w: |\w :", text) is None  # French puts a space that does not break before them


def test_counts_of_one_are_said_as_one() -> None:
    one, unseen = render_markdown(readiness(PASSED)), readiness(PASSED, SKIPPED)
    assert one.split("\n")[2] == "The phase is applied and unchanged; 1 of 1 check passed."
    told = "The phase is applied and unchanged; 1 of 2 checks passed; 1 was not looked at."
    assert render_markdown(unseen).split("\n")[2] == told
    french = "La phase est appliquée et inchangée\u202f; 1 vérification réussie sur 2\u202f; 1 non examinée."
    assert render_markdown(unseen, "fr").split("\n")[2] == french


def test_a_failure_is_shown_with_its_evidence() -> None:
    text = render_markdown(readiness(CALL))
    assert ": NOT READY\n" in text
    assert "## Failed\n\n```text\nFAIL  12_pipeline_runner" in text


def test_what_was_not_looked_at_is_listed_with_its_reason() -> None:
    assert "| 12_pipeline_runner | tests/sql/x.sql | target is protected |" in render_markdown(readiness(SKIPPED))


def test_a_phase_that_is_not_applied_is_one_row() -> None:
    waiting = replace(SKIPPED, message="the phase is not applied")
    text = render_markdown(readiness(waiting, replace(waiting, subject="table b")))
    assert text.count("the phase is not applied") == 1
    assert "| 12_pipeline_runner | checks: 2 | the phase is not applied |" in text


def test_what_would_state_it_stands_with_the_reason() -> None:
    text = render_markdown(readiness(replace(SKIPPED, message="PUBLIC may execute it", fix="state it")))
    assert "| PUBLIC may execute it → state it |" in text


def test_text_from_outside_cannot_break_out() -> None:
    hostile = replace(WAITING, message="a | b\n\n# <script>alert(1)</script> [x](y)")
    text = render_markdown(readiness(hostile))
    assert "<script>" not in text
    assert "\n# \\<script" not in text
    assert r"a \| b  \# \<script\>alert(1)\</script\> \[x\](y)" in text


def test_a_fence_is_longer_than_any_inside() -> None:
    text = render_markdown(readiness(replace(CALL, sql="select '```'")))
    assert "````text" in text


def test_who_can_call_what_says_why() -> None:
    assert "| settings_overview() | anon, authenticated | definer | yes | Read by the Studio |" in render_markdown(
        readiness(PASSED)
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_same_input_same_bytes(language: str) -> None:
    report = readiness(PASSED, CALL, WAITING, SKIPPED)
    assert render_markdown(report, language) == render_markdown(report, language)


def test_escaping_keeps_plain_words() -> None:
    assert escaped("plain words, 12.5 %") == "plain words, 12.5 %"


def exposed(**said: object) -> Readiness:
    """The report with one function open to others, of which this is known."""
    whole = readiness(PASSED)
    one = replace(whole.phases[0].exposed[0], **said)  # type: ignore[arg-type]  # fields of Exposure
    return replace(whole, phases=(replace(whole.phases[0], exposed=(one,)),))


def test_who_can_call_what_and_what_it_reaches() -> None:
    reach = Reach(("app_settings (value)", "leads"), ("leads",), ("f → g: format(x)",))
    text = render_markdown(exposed(reach=reach, accepted_by="platform", until="2027-06-30"))
    assert text.split("## Who can call what, and why\n\n")[1].split("\n\n")[0].rstrip() == (
        "| function | roles | security | called | why | reaches | accepted by | until |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| settings_overview() | anon, authenticated | definer | yes | Read by the Studio | "
        "reads app_settings (value), leads; writes leads; not known: f → g: format(x) | platform | 2027-06-30 |"
    )


def test_what_is_reached_is_told_in_french() -> None:
    text = render_markdown(exposed(reach=Reach(("leads",), ("posts",))), "fr")
    assert "| pourquoi | atteint | accepté par | jusqu’au |" in text
    assert "| lit leads\u202f; écrit posts | – | – |" in text


def test_reach_has_no_columns_where_it_was_not_asked_for() -> None:
    assert "| function | roles | security | called | why |\n" in render_markdown(readiness(PASSED))
