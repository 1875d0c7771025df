"""What came of a call beside what was to come of it: the error, rows, notices, changes and pages, all told at once."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from nexiom_runner.errors import ServerReport
from nexiom_runner.project.calling import Count, Raises, TableChange, Wording
from nexiom_runner.results import Difference
from nexiom_runner.shape.json import Json, JsonError, loads
from nexiom_runner.shape.printing import print_count
from nexiom_runner.shape.regex import search
from nexiom_runner.shape.values import LONGEST, kind_of
from nexiom_runner.test.exchange import Did, Refused, Returned

SHORT = 16


def cell_of(found: Returned | Refused) -> str:
    """What came of a call in a word or two: its SQLSTATE, how many rows, else the value where it is short."""
    if isinstance(found, Refused):
        return found.report.sqlstate
    text = found.values[0] or "null"
    if text[:1] == "[":
        try:
            value = loads(text)
        except JsonError:
            return "a list"
        count = len(value) if isinstance(value, list) else 0
        return f"{count} row{'s' * (count != 1)}"
    return text if len(text) <= SHORT else "an object" if text[:1] == "{" else f"{text[: SHORT - 1]}…"


def error_differences(expected: Raises, report: ServerReport) -> Iterator[Difference]:
    """SQLSTATE and message of an error beside those expected."""
    if expected.sqlstate is not None and report.sqlstate != expected.sqlstate:
        yield Difference("raises", expected.sqlstate, f"{report.sqlstate} {report.message}")
    elif expected.message is not None and not is_said(expected.message, report.message):
        yield Difference("message", wording(expected.message), _quoted(report.message))


def no_error_difference(expected: Raises, text: str | None) -> Difference:
    """That a value came where an error was expected."""
    shown = text or "null"
    found = f"{shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + '…'} returned"
    said = expected.sqlstate or (wording(expected.message) if expected.message else "")
    return Difference("raises", said, found)


def row_differences(expected: Count | None, value: Json) -> Iterator[Difference]:
    """The number of rows."""
    if expected is None:
        return
    count = print_count(expected.least, expected.most)
    if not isinstance(value, Sequence) or isinstance(value, str):
        yield Difference("rows", count, kind_of(value), "only a function that returns a set gives rows")
    elif len(value) < expected.least or (expected.most is not None and len(value) > expected.most):
        yield Difference("rows", count, str(len(value)))


def notice_differences(expected: Sequence[Wording] | None, found: Sequence[ServerReport]) -> Iterator[Difference]:
    """The messages in order."""
    if expected is None:
        return
    for number, (one, report) in enumerate(zip_longest(expected, found), 1):
        if one is None or report is None or not is_said(one, report.message):
            said = None if report is None else _quoted(report.message)
            yield Difference(f"notice {number}", None if one is None else wording(one), said)


def change_differences(expected: Sequence[TableChange] | None, did: Did) -> Iterator[Difference]:
    """Tables with the rows inserted, updated and deleted; those that nobody expects as well."""
    if expected is None:
        return
    found = {(one.schema, one.name): one for one in did.changed}
    for table in expected:
        one = found.pop((table.schema, table.name), None)
        counts = one.counts if one is not None else {}
        if not _are(table, counts):
            wanted = ", ".join(f"{print_count(each.least, each.most)} {word}" for word, each in table.counts.items())
            yield Difference(_table(table.schema, table.name), wanted or "nothing", _counted(counts))
    for one in found.values():
        yield Difference(_table(one.schema, one.name), None, _counted(one.counts), "changes names every table")


def second_differences(did: Did) -> Iterator[Difference]:
    """What a second call changed; a row that was written as it was is as before."""
    for one in did.changed:
        counts = {**one.counts, "updated": one.updated - one.same}
        left = {word: count for word, count in counts.items() if count}
        if left:
            yield Difference(f"the second call: {_table(one.schema, one.name)}", "nothing", _counted(left))


def page_differences(expected: int | None, did: Did) -> Iterator[Difference]:
    """The pages of tables and indexes touched."""
    if expected is not None and did.pages > expected:
        yield Difference("buffers", f"at most {expected}", str(did.pages))


def is_said(expected: Wording, text: str) -> bool:
    """Whether a message is the one expected."""
    return search(expected.text, text) if expected.is_pattern else text == expected.text


def wording(expected: Wording) -> str:
    """A message as it is expected."""
    return f"~ {expected.text}" if expected.is_pattern else _quoted(expected.text)


def _are(table: TableChange, counts: dict[str, int]) -> bool:
    if any(word not in table.counts for word in counts):
        return False
    return all(
        each.least <= counts.get(word, 0) and (each.most is None or counts.get(word, 0) <= each.most)
        for word, each in table.counts.items()
    )


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items()) or "nothing"


def _table(schema: str, name: str) -> str:
    return name if schema == "public" else f"{schema}.{name}"


def _quoted(text: str) -> str:
    return f'"{text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"}"'
