"""Where in a script a function's body failed, by what the server says of it, and the name that was meant."""

import re
from collections.abc import Collection, Iterable, Sequence

from nexiom_runner.errors import ServerReport
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.sql.lexer import Kind, kind_of, lexemes, significant
from nexiom_runner.sql.names import Name
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.split import Statement

_PLPGSQL = re.compile(r"^PL/pgSQL function (\S+?)(?:\([^)]*\))? line (\d+) at ", re.MULTILINE)
_SQL = re.compile(r'^SQL function "([^"]+)" (?:during|statement)', re.MULTILINE)
_QUOTED_NAME = re.compile(r'"((?:[^"]|"")+)"')
_PATH = re.compile(r'(?:"(?:[^"]|"")*"|[\w$]+)(?:\s*\.\s*(?:"(?:[^"]|"")*"|[\w$]+))*')


def in_body(script: Script, statement: Statement, report: ServerReport) -> tuple[int, int] | None:
    """The offset and width of the line of this script that the error's context names, `statement` being a DO block.

    Bodies count lines from their opening quote.
    """
    match = _PLPGSQL.search(report.context or "")
    if match is None:
        return None
    function, line = match[1].rpartition(".")[2].strip('"'), int(match[2])
    bodies = [statement] if function == "inline_code_block" else _creations(script, function)
    for body in bodies[-1:]:
        for offset, lexeme in significant(lexemes(body.text)):
            if kind_of(lexeme) is Kind.DOLLAR and lexeme.count("\n") >= line - 1:
                return _line_of(script.text, body.start + offset, line)
    return None


def failing_body(scripts: Sequence[Script], report: ServerReport) -> tuple[Script, int, int] | None:
    """The script that made the innermost function that failed, the offset in it and how many characters to mark."""
    named = _innermost(report.context or "")
    if named is None:
        return None
    function, line = named
    for script in reversed(scripts):
        if any(made.kind in ("function", "procedure") and made.name == function for made in script.creates):
            for body in reversed(_creations(script, function)):
                found = _in_creation(script, body, line, report)
                if found is not None:
                    return script, *found
    return None


def nearest_object(
    scripts: Iterable[Script], report: ServerReport, key: str | None = None, applied: Collection[str] = ()
) -> str | None:
    """What to do about `relation "public.leads" does not exist`; `key` is the script that failed, `applied` are the
    keys of those that ran before."""
    missing = missing_name(report)
    if missing is None:
        return None
    name = missing.rpartition(".")[2]
    makers: dict[str, tuple[Name, Script]] = {}
    for other in scripts:
        for made in sorted(other.creates, key=str):
            makers.setdefault(made.name, (made, other))
    if name not in makers:
        return did_you_mean(name, makers)
    made, maker = makers[name]
    told = f'{str(made)[0].upper()}{str(made)[1:]} is created by phase "{maker.phase}"'
    if (made.schema or "public") != (missing.rpartition(".")[0] or "public"):
        return f"{told}; is the schema name right?"
    if maker.key == key:
        return f"{told}, further down in {maker.key}; create it before it is used."
    if maker.key in applied:
        return _gone(f"{told} in {maker.key}, which is applied", made, missing)
    return f"{told} in {maker.key}; is it created before it is used?"


def _gone(told: str, made: Name, missing: str) -> str:
    """What was created and is not found: dropped by hand, or asked for in another way than it was made."""
    other = " or is its schema not in the search_path?" if "." not in missing else ""
    other = other or (" or called with other arguments?" if made.kind in ("function", "procedure") else "")
    back = "On an embedded target `nexiom db reset` and a build bring it back, elsewhere a new phase that creates it."
    return f"{told}: was it dropped{',' + other if other else '?'} {back}"


def missing_name(report: ServerReport) -> str | None:
    """The name in `relation "public.leads" does not exist` and `function public.f(integer) does not exist`."""
    quoted = _QUOTED_NAME.search(report.message)
    if quoted:
        return quoted[1]
    called = re.search(r"([\w.$]+)\(", report.message)
    return called[1] if called else None


def name_width(text: str, offset: int) -> int:
    """The identifier (with its schema), string or operator that begins there."""
    match = _PATH.match(text, offset)
    if match:
        return len(match.group().split("\n", 1)[0])
    return len(next(iter(lexemes(text[offset : offset + 200])), " ").split("\n", 1)[0])


def line_width(text: str, offset: int) -> int:
    """The rest of the line without its comment."""
    line = text[offset:].split("\n", 1)[0]
    return len(line.partition("--")[0].rstrip()) or 1


def _innermost(context: str) -> tuple[str, int] | None:
    """The function that the context names first, and the line of its body; a line of SQL functions is not said."""
    found = [match for pattern in (_PLPGSQL, _SQL) if (match := pattern.search(context))]
    if not found:
        return None
    first = min(found, key=re.Match.start)
    return first[1].rpartition(".")[2].strip('"'), int(first[2]) if first.re is _PLPGSQL else 1


def _in_creation(script: Script, body: Statement, line: int, report: ServerReport) -> tuple[int, int] | None:
    """The very word where the server says the query within the body, else the line."""
    for offset, lexeme in significant(lexemes(body.text)):
        if kind_of(lexeme) is not Kind.DOLLAR or lexeme.count("\n") < line - 1:
            continue
        start = body.start + offset
        at, width = _line_of(script.text, start, line)
        query = report.internal_query
        found = script.text.find(query, at if line > 1 else start, start + len(lexeme)) if query else -1
        if found < 0 or not report.internal_position:
            return at, width
        at = found + report.internal_position - 1
        return at, name_width(script.text, at)
    return None


def _creations(script: Script, function: str) -> list[Statement]:
    pattern = re.compile(rf"create (?:function|procedure) (?:\w+\.)?{re.escape(function)}\b")
    return [statement for statement in script.statements if pattern.match(statement.label)]


def _line_of(text: str, start: int, line: int) -> tuple[int, int]:
    """Where the text of the body's line begins; line 1 is the rest of the one the body opens on."""
    offset = start
    for _ in range(line - 1):
        offset = text.index("\n", offset) + 1
    while text[offset : offset + 1] in (" ", "\t"):
        offset += 1
    return offset, line_width(text, offset)
