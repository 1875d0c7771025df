"""What a rehearsal measured as JSON, JUnit XML and Markdown."""

import json
from collections.abc import Iterable
from typing import Any

from nexiom_runner.rehearse.model import Rehearsal, RehearsedScript, RehearsedStatement, Touched, blocked_work
from nexiom_runner.report.as_json import result_data
from nexiom_runner.report.commonmark import code, escaped, table
from nexiom_runner.report.junit import junit_of
from nexiom_runner.report.rehearsal import audits_phrase, effects_phrase, lock_words
from nexiom_runner.report.words import moment
from nexiom_runner.results import NOT_LOOKED_AT, PASSED, Outcome, Result

FORMAT = 1


def render_rehearsal_json(rehearsal: Rehearsal) -> str:
    """The whole of it, indented, with a final newline. `format` changes when a key changes its meaning."""
    ground = rehearsal.ground
    document = {
        "format": FORMAT,
        "project": rehearsal.project,
        "target": rehearsal.target,
        "server": rehearsal.server,
        "checked_at": rehearsal.checked_at,
        "runner": rehearsal.runner,
        "ground": {
            "how": ground.how,
            "on_target": ground.on_target,
            "differs": list(ground.differs),
            "missing": [{"object": str(one), "why": one.why} for one in ground.missing],
        },
        "scripts": [_script(script) for script in rehearsal.scripts],
        "audits": [result_data(one) for one in rehearsal.audits],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def render_rehearsal_junit(rehearsal: Rehearsal) -> str:
    """A case for each statement and each audit, and one for a script that failed or did not run."""
    results = [one for one in rehearsal.results if one.kind != "script" or one.outcome not in PASSED]
    return junit_of(rehearsal.project, results)


def render_rehearsal_markdown(rehearsal: Rehearsal) -> str:
    """As a page or a comment of a pull request: each statement on a line, then what could not be said."""
    failed = any(script.result.outcome is Outcome.FAIL for script in rehearsal.scripts)
    title = "failed" if failed else "went through"
    differs = [*rehearsal.ground.differs, *(f"no {one}: {one.why}" for one in rehearsal.ground.missing)]
    parts = [
        f"# Rehearsal of {escaped(rehearsal.project)} for {escaped(rehearsal.target)}: {title}",
        f"{moment(rehearsal.checked_at)}, nexiom {rehearsal.runner}; {escaped(rehearsal.ground.how)}.",
        f"{effects_phrase(rehearsal)}; {audits_phrase(rehearsal.audits)}.",
        *([_list("Not as on the target:", differs)] if differs else []),
        *_scripts(rehearsal.scripts),
        *_failures(rehearsal.scripts),
        *_audits("## Audits that failed", [one for one in rehearsal.audits if one.outcome is Outcome.FAIL]),
        *_audits("## Not looked at", [one for one in rehearsal.audits if one.outcome in NOT_LOOKED_AT]),
    ]
    return "\n\n".join(parts) + "\n"


def _script(script: RehearsedScript) -> dict[str, Any]:
    return {
        "script": script.key,
        "phase": script.phase,
        "result": result_data(script.result),
        "statements": [_statement(one) for one in script.statements],
    }


def _statement(one: RehearsedStatement) -> dict[str, Any]:
    effects = one.effects
    return {
        "number": one.number,
        "label": one.label,
        "place": str(one.place),
        "transactional": one.transactional,
        "skipped": one.skipped,
        "milliseconds": round(one.seconds * 1000, 1),
        "locks": [{"mode": lock.mode, "measured": lock.measured, **_touched(lock.on)} for lock in effects.locks],
        "rewritten": [_touched(thing) for thing in effects.rewritten],
        "emptied": [_touched(thing) for thing in effects.emptied],
        "read": [_touched(thing) for thing in effects.scanned],
        "built": [_touched(thing) for thing in effects.built],
        "created": list(effects.created),
        "changed": list(effects.changed),
        "dropped": list(effects.dropped),
        "hazards": list(blocked_work(effects)),
        "notes": list(one.notes),
    }


def _touched(thing: Touched) -> dict[str, Any]:
    rows = thing.size.rows if thing.size is not None else None
    size = thing.size.bytes if thing.size is not None else None
    return {"kind": thing.kind, "name": thing.name, "rows": rows, "bytes": size}


def _scripts(scripts: Iterable[RehearsedScript]) -> list[str]:
    rows = [
        (escaped(f"{one.place.path}:{one.place.line}"), code(one.label), _told(one))
        for script in scripts
        for one in script.statements
    ]
    return ["## Statements", table(("where", "statement", "what it does"), rows)] if rows else []


def _told(one: RehearsedStatement) -> str:
    if one.skipped is not None:
        return f"**not rehearsed**: {escaped(one.skipped)}"
    effects = one.effects
    hazards = [f"**{escaped(text)}**" for text in blocked_work(effects)]
    facts = [lock_words(lock) for lock in effects.locks if lock.mode != "ACCESS SHARE"]
    facts += [f"rewrites {thing.described}" for thing in effects.rewritten]
    facts += [f"empties {thing.described}" for thing in effects.emptied]
    facts += [f"builds {thing.kind} {thing.name}" for thing in effects.built]
    for word in ("created", "changed", "dropped"):
        facts += [f"{word} {name}" for name in getattr(effects, word)]
    return "<br>".join([*hazards, *map(escaped, (*facts, *one.notes))]) or "–"


def _failures(scripts: Iterable[RehearsedScript]) -> list[str]:
    rows = [
        (
            escaped(f"{one.result.place.path}:{one.result.place.line}") if one.result.place else "–",
            escaped(one.result.message or ""),
            escaped(one.result.fix or "–"),
        )
        for one in scripts
        if one.result.outcome in (Outcome.FAIL, Outcome.BLOCKED)
    ]
    return ["## What failed", table(("where", "what", "what would help"), rows)] if rows else []


def _audits(title: str, results: list[Result]) -> list[str]:
    rows = [(escaped(one.phase or "–"), escaped(one.subject), escaped(one.message or "–")) for one in results]
    return [title, table(("phase", "what", "why"), rows)] if rows else []


def _list(title: str, sentences: Iterable[str]) -> str:
    return "\n".join([title, "", *(f"- {escaped(sentence)}" for sentence in sentences)])
