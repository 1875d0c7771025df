"""What went wrong in a template, at its place and in our words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

from jinja2 import Environment, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateRuntimeError

from nexiom_runner.errors import Fault
from nexiom_runner.project.names import did_you_mean, nearest
from nexiom_runner.project.outline import Source
from nexiom_runner.render.limits import Mistake, Run
from nexiom_runner.render.marks import REFUSED
from nexiom_runner.render.rendered import place_in, source_line


@dataclass(frozen=True, slots=True)
class Known:
    """What a message may suggest, and the files a place may be in."""

    files: Mapping[str, Source]  # by path
    names: Sequence[str]  # functions and macros
    variables: Sequence[str]
    filters: Sequence[str]


def explain(error: Exception, source: Source, run: Run, known: Known) -> Fault:
    """The fault of an exception that rendering `source` raised, at the innermost place known."""
    if isinstance(error, TemplateSyntaxError):
        return _syntax_fault(error, known.files.get(error.filename or error.name or "", source), known)
    where, offset = _innermost(error, source, known.files, run)
    message, hint = _worded(error)
    return fault_at(where, offset, message, hint or _nearest_name(message, known))


def fault_at(source: Source, offset: int, message: str, hint: str | None) -> Fault:
    """A fault at a character of a source; where a tag stands there, the whole tag is marked."""
    place = place_in(source.path, source.text, offset)
    line = source_line(source.text, place.line)
    end = _TAG_END.search(line, place.column) if _TAG.match(line, place.column - 1) else None
    width = end.end() - place.column + 1 if end else 1
    return Fault(message, place, line, width, hint=hint)


def _worded(error: Exception) -> tuple[str, str | None]:
    if isinstance(error, Mistake):
        return error.message, error.hint
    if isinstance(error, RecursionError):
        return "template is nested too deeply", "Does a macro call itself without end?"
    unknown = _UNKNOWN.fullmatch(str(error))
    if unknown:
        return f'unknown {unknown[1]} "{unknown[2]}"', None
    if isinstance(error, TemplateRuntimeError | SecurityError):
        return _plain_words(str(error)), None
    return f"expression cannot be evaluated: {_plain_words(str(error))}", None


def _nearest_name(message: str, known: Known) -> str | None:
    found = re.fullmatch(r'undefined variable "(.*)"', message)
    if found is None:
        return None
    if found[1] in known.variables:
        return f"Write var('{found[1]}')."
    variable = nearest(found[1], known.variables)
    return f"Did you mean var('{variable}')?" if variable else did_you_mean(found[1], known.names)


def _plain_words(text: str) -> str:
    """Jinja's or Python's message as ours are: lower case, no full stop, names in double quotes."""
    line = (text.split("\n", 1)[0] or "it failed").rstrip(".")
    return line[0].lower() + line[1:].replace("'", '"')


def _innermost(error: Exception, source: Source, files: Mapping[str, Source], run: Run) -> tuple[Source, int]:
    """The template and offset an exception comes from: the traceback's line, within it the expression noted last."""
    found = [(files[path], line) for path, line in _frames(error.__traceback__) if path in files]
    where, line = found[-1] if found else (files.get(run.name, source), 0)
    noted = run.offset if run.name == where.path else None
    if noted is not None and (not line or where.text.count("\n", 0, noted) + 1 == line):
        return where, noted
    return where, _tag_on_line(where, max(line, 1))


def _frames(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next


def _tag_on_line(source: Source, line: int) -> int:
    """The offset of the first tag on a line, else of its first character that is not white space."""
    start = 0
    for _ in range(line - 1):
        start = source.text.find("\n", start) + 1
    text = source_line(source.text, line)
    first = _TAG.search(text) or _VISIBLE.search(text)
    return start + (first.start() if first else 0)


def _syntax_fault(error: TemplateSyntaxError, source: Source, known: Known) -> Fault:
    """Jinja's words for the template as it was written, not as it was marked."""
    message = str(error.message or "")
    if message.startswith(REFUSED):
        tag = message.removeprefix(REFUSED)
        hint = "Macros of macros/*.sql are known by their names." if tag in ("include", "import", "from") else None
        offset = _tag_on_line(source, error.lineno)
        return fault_at(source, offset, f'tag "{tag}" may not be used in a template', hint)
    error = _as_written(source) or error
    offset = _tag_on_line(source, min(error.lineno, source.text.count("\n") + 1))
    message = str(error.message or "")
    unknown = _UNKNOWN.fullmatch(message)
    if unknown:
        hint = did_you_mean(unknown[2], known.filters) if unknown[1] == "filter" else None
        return fault_at(source, offset, f'unknown {unknown[1]} "{unknown[2]}"', hint)
    return fault_at(source, offset, f"template syntax: {_plain_words(message)}", None)


def _as_written(source: Source) -> TemplateSyntaxError | None:
    try:
        Environment().parse(source.text)
    except TemplateSyntaxError as error:
        return error
    return None


_TAG = re.compile(r"\{[{%#]")
_TAG_END = re.compile(r"[}%#]\}")
_VISIBLE = re.compile(r"\S")
_UNKNOWN = re.compile(r"No (filter|test) named '([^']*)'\.?")
