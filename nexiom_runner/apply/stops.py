"""Why a backfill stops by itself, and what to do about it."""

from dataclasses import replace
from typing import Any

from nexiom_runner.apply.progress import Progress, number
from nexiom_runner.apply.replicas import Lag
from nexiom_runner.errors import Fault, ServerError, TargetError
from nexiom_runner.project.outline import Backfill
from nexiom_runner.sql.script import Script


def behind(lag: Lag) -> str:
    """`replica eu is 25 s behind (4 000 bytes)`."""
    return f"replica {lag.name} is {lag.seconds:.0f} s behind ({number(lag.bytes)} bytes)"


def too_far_behind(script: Script, lag: Lag, pace: Backfill) -> Fault:
    """A replica was waited for and did not catch up."""
    return _at(
        script,
        f'phase "{script.phase}" stopped: {behind(lag)}',
        detail=f"It waited {pace.max_wait / 1_000:g} s for it to be at most {pace.max_lag / 1_000:g} s behind.",
        hint="Run apply again when it has caught up; max_lag and max_wait of `backfill:` in phase.yml say how patient "
        "it is.",
    )


def endless(script: Script, progress: Progress, pace: Backfill, times: int) -> Fault:
    """More rows were changed than there can be to change."""
    bound = f"{times} times as many as its largest table has, about {number(progress.size)}"
    allowed = f"at most {number(pace.max_rows)}" if pace.max_rows else bound
    changed = number(progress.rows)
    return _at(
        script,
        f'phase "{script.phase}" stopped: its backfill does not come to an end: it changed {changed} rows',
        detail=f"Allowed are {allowed}. Either its where does not leave out what is done, or something keeps adding "
        "rows.",
        hint="Let its where leave out what is done (where region is null); or, where so many are meant, write "
        f"`backfill: {{max_rows: …}}` into phases/{script.phase}/phase.yml.",
    )


def no_count(script: Script, found: str) -> Fault:
    """A select returned something else than a number of rows."""
    return _at(
        script,
        f'phase "{script.phase}" failed: its backfill returned {found}, expected one number of rows',
        hint="A select returns how many rows were changed, 0 when nothing is left.",
    )


def no_right(role: str, error: ServerError) -> TargetError:
    """The role may not count its batches in schema nexiom."""
    return TargetError(
        Fault(
            f'role "{role}" may not keep how far a backfill is: {error.report.message}',
            detail=f"PostgreSQL reported SQLSTATE {error.report.sqlstate}.",
            hint=f'Let the owner of schema nexiom run: grant create on schema nexiom to "{role}"; or, where the '
            f'table is there: grant select, insert, update, delete on nexiom.backfills to "{role}";',
        )
    )


def _at(script: Script, message: str, **fields: Any) -> Fault:
    fault = script.rendered.fault(message, script.statements[0].head, **fields)
    return replace(fault, width=len(fault.source or ""))
