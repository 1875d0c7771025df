"""Readiness reports to render."""

from nexiom_runner.errors import Place
from nexiom_runner.report.readiness import (
    Coverage,
    Exposure,
    PhaseReadiness,
    Readiness,
    Scope,
    ScriptState,
)
from nexiom_runner.results import Difference, Kind, Outcome, Result

YML = "phases/12_pipeline_runner/phase.yml"
PHASE = "12_pipeline_runner"
PASSED = Result(Outcome.PASS, Kind.OBJECT, PHASE, "table app_settings", "present")
CALL = Result(
    Outcome.FAIL,
    Kind.CALL,
    PHASE,
    "run_pipeline_once: thirty minutes, fifty items",
    role="authenticated",
    place=Place(YML, 31, 9),
    differences=(
        Difference("$.routed", "int >= 0", '"3" (text)', "cast it with ::int inside jsonb_build_object"),
        Difference("$.auto_replied", "int >= 0", None, 'did you mean the key "auto_replyed" that is there?'),
    ),
    sql="select public.run_pipeline_once(p_since => '30 minutes', p_limit => 50)",
    seconds=0.0041,
)
EXECUTE = Result(
    Outcome.FAIL,
    Kind.OBJECT,
    PHASE,
    "function settings_overview()",
    "execute",
    place=Place(YML, 24, 7),
    differences=(Difference("execute", "anon, authenticated", "anon, authenticated, PUBLIC", "PUBLIC by default"),),
    fix="revoke execute on function public.settings_overview() from public;",
)
WAITING = Result(
    Outcome.PENDING,
    Kind.PENDING_KEY,
    PHASE,
    "function settings_overview()",
    "$.WHATSAPP_ACCESS_TOKEN",
    owner="infrastructure",
    message="settings_overview() says it is not set",
)
SKIPPED = Result(Outcome.SKIP, Kind.SQL_TEST, PHASE, "tests/sql/x.sql", message="target is protected")
SCOPE = Scope(
    project="nexiom_studio",
    target="staging",
    protected=False,
    checked_at="2026-11-22T15:10:00+00:00",
    checked_by="ci",
    runner="0.1.0",
    role="auditor",
    database="studio",
    server="17.6",
    system="7349",
    commit="9f2c41a0b1c2d3e4",
    dirty=False,
    head="ab" * 32,
    entries=61,
)


def readiness(*results: Result, state: str = "applied", general: tuple[Result, ...] = ()) -> Readiness:
    script = ScriptState(
        "phases/12_pipeline_runner/repeatable/settings_overview.sql",
        state,
        "c" * 64,
        "2026-11-20T14:02:00+00:00",
        "ci",
        "9f2c41a0b1c2d3e4",
    )
    phase = PhaseReadiness(
        PHASE,
        "Pipeline runner | settings",
        "messaging",
        state,
        (script,),
        ("function settings_overview()",),
        results,
        (Exposure("settings_overview()", ("anon", "authenticated"), "definer", "Read by the Studio", True),),
    )
    return Readiness(SCOPE, (phase,), Coverage(6, 0, 5, 2, 2), general)
