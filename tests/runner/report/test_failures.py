"""How failing checks read."""

from dataclasses import replace

from report_builders import CALL, EXECUTE, PASSED

from nexiom_runner.errors import Place
from nexiom_runner.report.failures import failures
from nexiom_runner.results import Difference, Kind, Outcome, Result


def test_a_failing_call_names_every_path_and_what_was_run() -> None:
    assert failures([CALL]) == [
        "FAIL  12_pipeline_runner  run_pipeline_once: thirty minutes, fifty items  (as authenticated)"
        "  phases/12_pipeline_runner/phase.yml:31\n"
        '      $.routed        expected int >= 0  found "3" (text)  cast it with ::int inside jsonb_build_object\n'
        "      $.auto_replied  expected int >= 0  missing           "
        'did you mean the key "auto_replyed" that is there?\n'
        "      select public.run_pipeline_once(p_since => '30 minutes', p_limit => 50)   rolled back, 4.1 ms"
    ]


def test_attributes_of_one_object_stand_together() -> None:
    security = replace(EXECUTE, attribute="security", differences=(Difference("security", "definer", "invoker"),))
    blocks = failures([EXECUTE, security])
    assert len(blocks) == 1
    assert blocks[0].count("function settings_overview()") == 1


def test_a_fix_follows_its_difference() -> None:
    assert failures([EXECUTE])[0].split("\n")[-1] == (
        "      fix       revoke execute on function public.settings_overview() from public;"
    )


def test_what_passed_is_not_told() -> None:
    assert failures([PASSED]) == []


def test_a_script_fails_in_the_form_of_every_error() -> None:
    script = Result(
        Outcome.FAIL,
        Kind.SCRIPT,
        "01_core",
        "01_core/apply.sql",
        place=Place("phases/01_core/apply.sql", 1, 1),
        message='phase "01_core" failed: syntax error at or near "selec"',
        excerpt="selec 1;",
        width=5,
        detail="PostgreSQL reported SQLSTATE 42601 in statement 1 of 1.",
        state="Nothing was applied.",
    )
    assert failures([script]) == [
        'error: phase "01_core" failed: syntax error at or near "selec"\n'
        "  phases/01_core/apply.sql:1:1\n"
        "    1 | selec 1;\n"
        "      | ^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42601 in statement 1 of 1.\n"
        "state: Nothing was applied."
    ]
