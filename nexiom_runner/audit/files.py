"""The project's own audits: one SELECT a file, one row an object examined, run read-only and rolled back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from nexiom_runner.audit.hidden import Hidden, reads_information_schema
from nexiom_runner.database.session import ResultSet, Session
from nexiom_runner.errors import Fault, ScriptError, ServerError, ServerReport
from nexiom_runner.project.model import Audit
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.results import Kind, Outcome, Result
from nexiom_runner.sql.lexer import lexemes, significant, unterminated
from nexiom_runner.sql.split import split

COLUMNS = ("object", "problem", "fix")
FORM = "Write one row per object: select … as object, … as problem, … as fix; problem is null where all is well."
# Row security must not hide rows without a word: with it off, a query it would filter is refused (42501) instead.
READING = "set local row_security = off"
_SELECTS = frozenset({"select", "with", "values", "table", "("})


@dataclass(frozen=True, slots=True)
class AuditFile:
    """An audit rendered and known to be one SELECT."""

    audit: Audit
    rendered: Rendered

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return PurePosixPath(self.audit.source.path).stem


@dataclass(slots=True)
class Examined:
    """What the rows of one object say together."""

    problems: dict[str, None]
    fixes: dict[str, None]


def check_audit(audit: Audit, rendered: Rendered) -> AuditFile:
    """The audit, ready to run. Raises ScriptError where it is not exactly one SELECT, or holds a secret."""
    faults = list(_refusals(audit, rendered))
    if faults:
        raise ScriptError(*faults)
    return AuditFile(audit, rendered)


def run_audit(session: Session, file: AuditFile, phase: str | None, hidden: Hidden) -> list[Result]:
    """A result per object examined; one ERROR where that could not be done. Leaves nothing in the database."""
    if reads_information_schema(file.rendered.text):
        blind = hidden.told(session)
        if blind is not None:
            return [_error(file, phase, blind.message, fix=blind.fix)]
    try:
        with session.transaction(read_only=True, rollback=True, first=READING):
            found = session.send(file.rendered.text)[-1]
    except ServerError as error:
        return [_refused(file, phase, error.report, session.server.role)]
    names = [column.name for column in found.columns]
    if sorted(names) != sorted(COLUMNS):
        message = f"columns are {', '.join(names) or 'none'}, expected object, problem, fix"
        return [_error(file, phase, message, fix=FORM)]
    return list(_told(file, phase, found)) or [_nothing(file, phase)]


def skipped(file: AuditFile, phase: str | None, message: str) -> Result:
    """SKIP of an audit whose phase is not there yet."""
    return Result(Outcome.SKIP, Kind.AUDIT, phase, file.name, place=file.rendered.place(_head(file)), message=message)


def _refusals(audit: Audit, rendered: Rendered) -> Iterator[Fault]:
    path = audit.source.path
    opened = unterminated(lexemes(rendered.text))
    statements = split(rendered.text)
    if opened is not None:
        yield Fault(f'audit "{path}" does not close a {opened}')
    elif not statements or not statements[0].label:
        yield Fault(f'audit "{path}" holds no SELECT', hint=FORM)
    elif len(statements) > 1:
        message = f'audit "{path}" holds {len(statements)} statements, expected one SELECT'
        yield rendered.fault(message, statements[1].head, hint="Write one file for each.")
    else:
        start, word = significant(lexemes(rendered.text))[0]
        if word.lower() not in _SELECTS:
            message = f'audit "{path}" is not a SELECT: it is "{statements[0].label}"'
            yield rendered.fault(message, start, len(word), hint=FORM)
    for name in rendered.secrets:
        yield rendered.fault(f'audit "{path}" holds secret "{name}"', rendered.text.index(f"‹secret:{name}›"))


def _told(file: AuditFile, phase: str | None, found: ResultSet) -> Iterator[Result]:
    """One result an object, whatever the number of its rows."""
    at = {column.name: number for number, column in enumerate(found.columns)}
    objects: dict[str, Examined] = {}
    for number, row in enumerate(found.rows, 1):
        name, problem, fix = (row[at[column]] for column in COLUMNS)
        if not name:
            value = "null" if name is None else "empty"
            yield _error(file, phase, f'row {number} names no object: "object" is {value}')
            continue
        examined = objects.setdefault(name, Examined({}, {}))
        if problem:
            examined.problems[problem] = None
            if fix:
                examined.fixes[fix] = None
    place = file.rendered.place(_head(file))
    for name, examined in objects.items():
        yield Result(
            Outcome.FAIL if examined.problems else Outcome.PASS,
            Kind.AUDIT,
            phase,
            name,
            attribute=file.name,
            place=place,
            message="; ".join(examined.problems) or None,
            fix="\n".join(examined.fixes) or None,
        )


def _nothing(file: AuditFile, phase: str | None) -> Result:
    reason = file.audit.may_be_empty
    place = file.rendered.place(_head(file))
    if reason is not None:
        message = f"examined nothing: {reason}"
        return Result(Outcome.PASS, Kind.AUDIT, phase, file.name, attribute=file.name, place=place, message=message)
    fix = "Return a row for each object, also where all is well, or say `-- may be empty: REASON` in the first lines."
    return _error(file, phase, "examined nothing: it returned no row", fix=fix)


def _refused(file: AuditFile, phase: str | None, report: ServerReport, role: str) -> Result:
    rendered = file.rendered
    offset = report.position - 1 if report.position else _head(file)
    fault = rendered.fault(report.message, offset, _width(rendered.text, offset))
    said = [f"PostgreSQL reported SQLSTATE {report.sqlstate}.", report.detail, report.hint]
    return Result(
        Outcome.ERROR,
        Kind.AUDIT,
        phase,
        file.name,
        attribute=file.name,
        place=fault.place,
        message=report.message,
        excerpt=fault.source,
        width=fault.width,
        detail=" ".join(part for part in said if part),
        fix=_right(report, role),
    )


def _right(report: ServerReport, role: str) -> str | None:
    """The grant that would let the role look; read off an English message, None off any other."""
    if report.sqlstate != "42501":
        return None
    if "row-level security" in report.message:
        return f'audit as a role that row security does not bind: its owner, or alter role "{role}" bypassrls;'
    words = report.message.rpartition("permission denied for ")[2].split(" ", 1)
    right = {"table": "select", "view": "select", "schema": "usage", "function": "execute", "sequence": "select"}
    if len(words) == 2 and words[0] in right:
        return f'grant {right[words[0]]} on {words[0].replace("view", "table")} {words[1]} to "{role}";'
    return None


def _error(file: AuditFile, phase: str | None, message: str, fix: str | None = None) -> Result:
    place = file.rendered.place(_head(file))
    return Result(Outcome.ERROR, Kind.AUDIT, phase, file.name, file.name, place=place, message=message, fix=fix)


def _head(file: AuditFile) -> int:
    return split(file.rendered.text)[0].head


def _width(text: str, offset: int) -> int:
    return next((len(piece) for start, piece in significant(lexemes(text)) if start == offset), 1)
