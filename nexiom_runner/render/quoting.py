"""Identifiers and literals as libpq quotes them: what `| ident` and `| literal` write, equal to psycopg's quoting."""


def quote_identifier(name: str) -> str:
    """The name in double quotes. Raises ValueError for an empty one and for NUL, which no name can hold."""
    if not name or "\0" in name:
        raise ValueError("an identifier is neither empty nor holds NUL")
    return '"' + name.replace('"', '""') + '"'


def quote_literal(value: str | int | None) -> str:
    """A literal: text in single quotes (E'' with a space before where it holds a backslash), integers, booleans, NULL.

    A negative number has a space before it, so that `1 -{{ x | literal }}` makes no comment. Raises ValueError for NUL
    in a text.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value >= 0 else f" {value}"
    if "\0" in value:
        raise ValueError("a literal cannot hold NUL")
    quoted = "'" + value.replace("'", "''").replace("\\", "\\\\") + "'"
    return f" E{quoted}" if "\\" in value else quoted
