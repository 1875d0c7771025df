"""CSV as text with places: a header, then rows.

Source: RFC 4180, and COPY's rule that an empty field without quotes is null.
"""

import re
from collections.abc import Iterator

from nexiom_runner.errors import Fault, Place
from nexiom_runner.tree import Mapping, Scalar

NULL = "null"
_FIELD = re.compile(r'"((?:[^"]|"")*)"|([^,"\n]*)')


def read_csv(text: str, path: str, faults: list[Fault]) -> tuple[Mapping, ...]:
    """A mapping of text by column for each row; null, plain, where a field is empty and not quoted.

    Blank lines are passed over. Adds a fault for a quote out of place, a row of another length, a column named twice.
    """
    records = list(_records(text, path, faults))
    if not records:
        faults.append(Fault(f'"{path}" has no header', Place(path, 1), hint="Its first line names the columns."))
        return ()
    header, *rows = records
    seen: set[str] = set()
    for name in header:
        if name.text in seen or (name.plain and name.text == NULL):
            what = "has no name" if name.plain and name.text == NULL else f'"{name.text}" is named twice'
            faults.append(Fault(f"a column {what}", name.place, width=max(1, len(name.text))))
        seen.add(name.text)
    made = []
    for row in rows:
        if len(row) == len(header):
            made.append(Mapping(tuple(zip(header, row, strict=True)), row[0].place))
        else:
            message = f"the header has {len(header)} columns, this row {len(row)}"
            faults.append(Fault(message, row[0].place))
    return tuple(made)


def _records(text: str, path: str, faults: list[Fault]) -> Iterator[list[Scalar]]:
    at, line, start = 0, 1, 0
    record: list[Scalar] = []
    while at < len(text):
        found = _FIELD.match(text, at)
        assert found is not None  # the second alternative matches nothing at all
        place = Place(path, line, at - start + 1)
        record.append(_field(found, place))
        line += found[0].count("\n")
        start = max(start, text.rfind("\n", at, found.end()) + 1)
        at = found.end()
        follows = text[at : at + 1]
        if follows not in (",", "\n", ""):
            hint = 'A field that holds a quote is quoted whole, and its quotes doubled: "say ""yes""".'
            faults.append(Fault("a quote stands inside a field", Place(path, line, at - start + 1), hint=hint))
            return
        at += 1
        if follows == ",":
            if at == len(text):
                record.append(Scalar(NULL, Place(path, line, at - start + 1)))
            continue
        if len(record) > 1 or found[0]:
            yield record
        record, line, start = [], line + 1, at
    if record:
        yield record


def _field(found: re.Match[str], place: Place) -> Scalar:
    if found[1] is not None:
        return Scalar(found[1].replace('""', '"'), place, plain=False)
    return Scalar(found[2], place, plain=False) if found[2] else Scalar(NULL, place)
