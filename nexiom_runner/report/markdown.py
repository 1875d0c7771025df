"""The readiness report in Markdown: verdict, scope and open work first, then each phase with its evidence."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from nexiom_runner.report.commonmark import escaped, table
from nexiom_runner.report.failures import failures
from nexiom_runner.report.languages import LANGUAGES, state_word
from nexiom_runner.report.lines import AUDITS, NOT_APPLIED, TESTS, ratio, waiting_name
from nexiom_runner.report.lint_section import rules_section
from nexiom_runner.report.matrix import matrix_of
from nexiom_runner.report.readiness import Exposure, PhaseReadiness, Readiness, ScriptState
from nexiom_runner.report.sentences import translated
from nexiom_runner.report.words import moment
from nexiom_runner.results import FAILING, NOT_LOOKED_AT, WAITING, Outcome, Reach, Result


def render_markdown(readiness: Readiness, language: str = "en") -> str:
    """The report as CommonMark with tables; everything taken from files or the server is escaped."""
    words = LANGUAGES[language]
    parts = [
        _title(readiness, words, language),
        _sentence(readiness, words),
        _scope(readiness, words),
        *_waiting(readiness, words, language),
        *_failed(readiness, words),
        *_unseen(readiness, words, language),
        *rules_section(readiness.results, words),
        *_phases(readiness, words, language),
        *_exposed(readiness, words),
        *_matrix(readiness, words),
    ]
    return "\n\n".join(parts) + "\n"


def _title(readiness: Readiness, words: Mapping[str, str], language: str) -> str:
    title = words["title"].format(
        project=escaped(readiness.scope.project),
        target=escaped(readiness.scope.target),
        verdict=state_word(readiness.verdict, language),
    )
    return f"# {title}"


def _sentence(readiness: Readiness, words: Mapping[str, str]) -> str:
    applied = sum(phase.state == "applied" for phase in readiness.phases)
    counts = readiness.counts
    facts = {
        "phases": len(readiness.phases),
        "applied": applied,
        "passed": counts.passed,
        "checks": counts.checks,
        "failed": counts.failed,
        "waiting": counts.waiting,
        "unseen": counts.not_looked_at,
    }
    keys = [_applied_key(applied, len(readiness.phases))]
    keys += ["one_check" if counts.checks == 1 else "one_passed" if counts.passed == 1 else "checks"]
    keys += ["failed"] if counts.failed else []
    keys += [f"one_{key}" if facts[key] == 1 else key for key in ("waiting", "unseen") if facts[key]]
    return words["semicolon"].join(words[key].format(**facts) for key in keys) + "."


def _applied_key(applied: int, phases: int) -> str:
    """A count of one has a sentence of its own: `The phase is applied`."""
    if applied == phases:
        return "one_applied" if phases == 1 else "all_applied"
    return "one_of_applied" if applied == 1 else "some_applied"


def _scope(readiness: Readiness, words: Mapping[str, str]) -> str:
    scope, coverage = readiness.scope, readiness.coverage
    checked = [f"{moment(scope.checked_at)} {words['by']} {escaped(scope.checked_by)}"]
    if scope.run:
        checked.append(escaped(scope.run))
    if scope.commit:
        state = "" if scope.dirty is None else f" ({words['dirty' if scope.dirty else 'clean']})"
        checked.append(f"{words['commit']} {escaped(scope.commit[:12])}{state}")
    checked += [f"nexiom {scope.runner}", f"{words['role']} {escaped(scope.role)}"]
    database = [escaped(scope.database), f"PostgreSQL {escaped(scope.server)}"]
    if scope.asked:
        database.append(words["stands_in"].format(asked=scope.asked))
    if scope.system:
        database.append(f"{words['system']} {scope.system}")
    database.append(words["protected"].format(answer=words["yes" if scope.protected else "no"]))
    unseen = readiness.counts.not_looked_at
    covered = words["coverage"].format(
        read=coverage.statements - coverage.unparsed,
        statements=coverage.statements,
        objects=coverage.objects,
        called=coverage.functions_called,
        exposed=coverage.functions_exposed,
    )
    if coverage.unstated:
        covered += words["semicolon"] + words["unstated"].format(unstated=coverage.unstated)
    head = words["head"].format(entries=scope.entries, head=scope.head) if scope.head else words["no_ledger"]
    rows = [
        (words["checked"], ", ".join(checked)),
        (words["database"], ", ".join(database)),
        (words["not_looked_at"], f"{unseen or words['nothing']} ({covered})"),
        (words["ledger"], head),
        *(("", escaped(note)) for note in readiness.notes),
    ]
    return table(("", ""), rows)


def _waiting(readiness: Readiness, words: Mapping[str, str], language: str) -> list[str]:
    waiting = [result for result in readiness.results if result.outcome in WAITING]
    if not waiting:
        return []
    header = [words[key] for key in ("what", "who", "why", "until")]
    rows = [
        (
            escaped(waiting_name(result)),
            escaped(result.owner or words["nobody"]),
            escaped(translated(result.message or "", language)),
            result.until or "–",
        )
        for result in waiting
    ]
    return [f"## {words['waiting_title']}", table(header, rows)]


def _failed(readiness: Readiness, words: Mapping[str, str]) -> list[str]:
    blocks = failures(readiness.results)
    return [f"## {words['failed_title']}", *(_fenced(block) for block in blocks)] if blocks else []


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _unseen(readiness: Readiness, words: Mapping[str, str], language: str) -> list[str]:
    unseen = [
        result
        for result in readiness.results
        if result.outcome in NOT_LOOKED_AT and (result.outcome not in FAILING or result.outcome is Outcome.BLOCKED)
    ]
    if not unseen:
        return []
    together = Counter(result.phase for result in unseen if result.message == NOT_APPLIED)
    rows = dict.fromkeys(_unseen_row(result, together[result.phase], words, language) for result in unseen)
    return [f"## {words['unseen_title']}", table([words["phase"], words["what"], words["why"]], rows)]


def _unseen_row(result: Result, together: int, words: Mapping[str, str], language: str) -> tuple[str, ...]:
    """A check; all checks of a phase that is not applied have the same row."""
    folded = result.message == NOT_APPLIED
    what = words["checks_waiting"].format(checks=together) if folded else _name(result)
    why = translated(result.message or result.outcome, language) + (f" → {result.fix}" if result.fix else "")
    return escaped(result.phase or ""), escaped(what), escaped(why)


def _name(result: Result) -> str:
    return " ".join(part for part in (result.subject, result.attribute, result.role and f"({result.role})") if part)


def _phases(readiness: Readiness, words: Mapping[str, str], language: str) -> list[str]:
    header = [words[key] for key in ("phase", "state", "applied_at", "by", "audit", "test", "waiting_title")]
    rows = [_phase_row(phase, language) for phase in readiness.phases]
    if readiness.general:
        rows.append(_general_row(readiness.general, words))
    return [
        f"## {words['phases_title']}",
        table(header, rows),
        *(_phase_detail(phase, words, language) for phase in readiness.phases),
    ]


def _phase_row(phase: PhaseReadiness, language: str) -> tuple[str, ...]:
    newest = max(
        (script for script in phase.scripts if script.applied_at), key=lambda one: one.applied_at or "", default=None
    )
    return (
        escaped(phase.name),
        state_word(phase.state, language),
        moment(newest.applied_at) if newest and newest.applied_at else "–",
        escaped(newest.applied_by or "") if newest else "–",
        ratio(phase.results, AUDITS),
        ratio(phase.results, TESTS),
        str(phase.counts.waiting or "–"),
    )


def _general_row(results: Sequence[Result], words: Mapping[str, str]) -> tuple[str, ...]:
    return (words["general"], "–", "–", "–", ratio(results, AUDITS), ratio(results, TESTS), "–")


def _phase_detail(phase: PhaseReadiness, words: Mapping[str, str], language: str) -> str:
    heading = f"### {escaped(phase.name)}{words['colon']}{escaped(phase.title)}"
    owner = f"{words['owner']}{words['colon']}{escaped(phase.owner or words['nobody'])}"
    scripts = [
        (f"`{script.path}`", state_word(script.state, language), f"`{script.sha256[:12]}`", (script.commit or "–")[:12])
        for script in phase.scripts
    ]
    listed = table([words["script"], words["state"], "sha256", words["commit"]], scripts)
    objects = (
        f"{words['objects']}{words['colon']}{', '.join(escaped(name) for name in phase.objects)}"
        if phase.objects
        else ""
    )
    taken = "\n".join(f"- {_taken(script, words)}" for script in phase.scripts if script.destructive)
    return "\n\n".join(part for part in (heading, owner, listed, taken, objects) if part)


def _taken(script: ScriptState, words: Mapping[str, str]) -> str:
    return f"`{script.path}` {words['destructive']}{words['colon']}{escaped(script.destructive or '')}"


def _matrix(readiness: Readiness, words: Mapping[str, str]) -> list[str]:
    matrix = matrix_of(readiness.results)
    if matrix is None:
        return []
    header = [words["phase"], words["what"], *map(escaped, matrix.users)]
    rows = [
        (escaped(phase or ""), escaped(subject), *(escaped(cells.get(user, "")) for user in matrix.users))
        for phase, subject, cells in matrix.rows
    ]
    return [f"## {words['matrix_title']}", table(header, rows)]


def _exposed(readiness: Readiness, words: Mapping[str, str]) -> list[str]:
    exposed = [*(one for phase in readiness.phases for one in phase.exposed), *readiness.unstated]
    if not exposed:
        return []
    shows_reach = any(one.reach for one in exposed)
    keys = ["function", "roles", "security", "called", "why"]
    header = [words[key] for key in keys + (["reaches", "accepted", "until"] if shows_reach else [])]
    rows = [
        (
            escaped(one.function),
            escaped(", ".join(one.roles)),
            one.security or "–",
            words["yes" if one.called else "no"],
            escaped(one.reason or (words["nobody_says"] if one in readiness.unstated else "–")),
            *(_reach(one, words) if shows_reach else ()),
        )
        for one in exposed
    ]
    return [f"## {words['exposed_title']}", table(header, rows)]


def _reach(one: Exposure, words: Mapping[str, str]) -> tuple[str, ...]:
    """What a function reaches, who accepted that, until when."""
    reach = one.reach or Reach()
    told = [
        f"{words[key]} {escaped(', '.join(names))}"
        for key, names in (("reads", reach.reads), ("writes", reach.writes), ("not_known", reach.unknown))
        if names
    ]
    return words["semicolon"].join(told) or "–", escaped(one.accepted_by or "–"), one.until or "–"
