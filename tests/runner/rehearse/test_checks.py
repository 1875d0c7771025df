"""Audits behind a rehearsal: a check that the ground makes fail is not one."""

from apply_builders import run
from graph_builders import graph, project, source

from nexiom_runner.apply.ledger import read_history
from nexiom_runner.audit.files import AuditFile, check_audit
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Place
from nexiom_runner.plan.make import make_plan
from nexiom_runner.project.model import Audit, Text
from nexiom_runner.rehearse.checks import Audits, applied_after, audit_rehearsed
from nexiom_runner.rehearse.model import Ground, RehearsedScript, RehearsedStatement
from nexiom_runner.rehearse.target import read_target
from nexiom_runner.render.render import render
from nexiom_runner.render.values import Values
from nexiom_runner.results import Kind, Outcome, Result

SCRIPTS = {"01_a/apply.sql": "create table t (i int);", "02_b/apply.sql": "create table u (i int);"}
NEVER = "select 'x' as object, 'wrong' as problem, null as fix"


def script(key: str, outcome: Outcome = Outcome.PASS, skipped: str | None = None) -> RehearsedScript:
    phase = key.partition("/")[0]
    statement = RehearsedStatement(1, "select", Place("p", 1), None, 1, True, skipped=skipped)
    return RehearsedScript(key, phase, (statement,), Result(outcome, Kind.SCRIPT, phase, key))


def audit(text: str, phase: str | None = "01_a") -> AuditFile:
    where = Text(phase, Place("audits/a.sql", 1)) if phase else None
    file = source("audits/a.sql", text)
    return check_audit(Audit(file, where, None), render(file, Values()))


def told(session: Session, file: AuditFile, *, empty: bool = True, skipped: str | None = None) -> list[str]:
    made = graph({"01_a/apply.sql": SCRIPTS["01_a/apply.sql"]})
    audits = Audits(project(), made, [file], Ground("a copy"), read_target(session), empty)
    results = audit_rehearsed(session, audits, ["01_a"], [script("01_a/apply.sql", skipped=skipped)])
    return [f"{result.outcome} {result.subject}: {result.message}" for result in results]


def test_phases_are_applied_whose_scripts_all_passed(session: Session) -> None:
    made = graph(SCRIPTS)
    plan = make_plan(made, read_history(session, "p").state)
    scripts = [script("01_a/apply.sql"), script("02_b/apply.sql", Outcome.FAIL)]
    assert applied_after(plan, made, scripts) == ["01_a"]


def test_what_was_applied_before_stays_applied(session: Session) -> None:
    run(session, {"01_a/apply.sql": SCRIPTS["01_a/apply.sql"]})
    made = graph(SCRIPTS)
    plan = make_plan(made, read_history(session, "p").state)
    assert applied_after(plan, made, [script("02_b/apply.sql")]) == ["01_a", "02_b"]


def test_an_audit_that_fails_fails(session: Session) -> None:
    assert told(session, audit(NEVER)) == ["FAIL x: wrong"]


def test_an_audit_of_a_phase_that_was_not_wholly_rehearsed_is_skipped(session: Session) -> None:
    assert told(session, audit(NEVER), skipped="no extension") == [
        "SKIP x: not all of the phase was rehearsed: no extension"
    ]


def test_an_audit_over_rows_is_not_asked_on_a_copy(session: Session) -> None:
    session.send('create table "Full" (i int)')
    file = audit("select i::text as object, null as problem, null as fix from \"Full\" where 'x' <> 'y'")
    assert told(session, file) == ['SKIP a: it reads public."Full", and the copy lacks the target\'s rows']


def test_an_audit_that_saw_nothing_says_nothing_of_a_copy(session: Session) -> None:
    text = "select 'x' as object, null as problem, null as fix from generate_series(1, 0)"
    assert told(session, audit(text)) == ["SKIP a: it examined nothing, and the copy lacks the target's rows"]
    assert told(session, audit(text), empty=False) == ["ERROR a: examined nothing: it returned no row"]
