"""The small texts of phase.yml: names of objects, `text not null default 'x'`, `interval = '1 hour'`."""

import re
from dataclasses import dataclass

_PART = r'(?:"(?:[^"]|"")+"|[^".\s()](?:[^".()]*[^".\s()])?)'
_NAME = re.compile(rf"(?:({_PART})\.)?({_PART})")
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|:=|=|[()\[\]]|\s+|[^\s'"()\[\]=:]+|.""", re.DOTALL)
_BEYOND_WORDS = re.compile(r"""['"()\[\]=:]""")
_NO_TYPE = frozenset(
    {"primary", "unique", "references", "check", "generated", "constraint", "collate", "not", "null", "default"}
)
_GENERATED = re.compile(r"always as identity|by default as identity|always as \(.+\)(?: stored| virtual)?", re.DOTALL)
MODES = ("in", "out", "inout", "variadic")


class NotUnderstood(ValueError):
    """A text does not fit its grammar; says what is expected, and perhaps what to do."""

    def __init__(self, what: str, hint: str | None = None) -> None:
        super().__init__(what)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class ColumnText:
    """`text collate "C" not null default 'x'` in parts; `generated` is what follows that word."""

    type: str
    not_null: bool | None
    default: str | None
    collation: str | None = None
    generated: str | None = None


@dataclass(frozen=True, slots=True)
class ArgumentText:
    """`variadic uuid[]`, `interval = '1 hour'` in parts."""

    mode: str
    type: str
    default: str | None


def parse_name(text: str, schema: str = "public") -> tuple[str, str]:
    """Schema and name as the catalog has them: `leads`, `crm.leads`, `"Weird.Name"`, case as written.

    Raises NotUnderstood.
    """
    found = _NAME.fullmatch(text)
    if found is None:
        hint = "Put SQL's double quotes around a part that holds a dot or brackets: '\"a.b\"'."
        raise NotUnderstood("a name, or schema.name", hint)
    return _unquoted(found[1]) if found[1] else schema, _unquoted(found[2])


def parse_column(text: str) -> ColumnText:
    """A column's type, collation, whether null is refused, and where its value comes from; None is not stated.

    Raises NotUnderstood.
    """
    words = _words(text)
    lower = [word.lower() for word in words]
    if "generated" in lower:
        return _parse_generated(words, lower.index("generated"))
    start = lower.index("default") if "default" in lower else len(words)
    not_null, head = _take_null(words[:start])
    tail = words[start + 1 :]
    if not_null is None and tail:
        not_null, tail = _take_null(tail, least=1)
    collation, head = _take_collation(head)
    _check_type(head)
    if start < len(words) and not tail:
        raise NotUnderstood("an expression after `default`")
    return ColumnText(" ".join(head), not_null, " ".join(tail) or None, collation)


def parse_argument(text: str) -> ArgumentText:
    """An argument's mode, type and default. Raises NotUnderstood."""
    head, default = _split_default(text)
    words = _words(head)
    mode = "in"
    if len(words) > 1 and words[0].lower() in MODES:
        mode = words.pop(0).lower()
    _check_type(words)
    if default is not None and not default:
        raise NotUnderstood("an expression after `=`")
    if default is not None and mode == "out":
        raise NotUnderstood("no default of an `out` argument")
    return ArgumentText(mode, " ".join(words), default)


def is_balanced(text: str) -> bool:
    """Whether quotes are closed and brackets match."""
    depth = 0
    for token in _TOKEN.findall(text):
        depth += (token in ("(", "[")) - (token in (")", "]"))
        if depth < 0 or token in ("'", '"'):
            return False
    return depth == 0


def _unquoted(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part


def _words(text: str) -> list[str]:
    """Words at white space that stands outside quotes and brackets; inside, the text is kept."""
    if not _BEYOND_WORDS.search(text):
        return text.split()
    if not is_balanced(text):
        hint = 'In YAML " #" begins a comment; put the whole value between quotes.'
        raise NotUnderstood("quotes that close and brackets that match", hint)
    words, depth, word = [], 0, ""
    for token in _TOKEN.findall(text):
        depth += (token in ("(", "[")) - (token in (")", "]"))
        if token.isspace() and depth == 0:
            words.append(word)
            word = ""
        else:
            word += token
    return [word for word in [*words, word] if word]


def _take_null(words: list[str], least: int = 0) -> tuple[bool | None, list[str]]:
    """`not null` or `null` off the end, unless it belongs to `is null` or leaves fewer than `least` words."""
    lower = [word.lower() for word in words]
    if lower[-2:] == ["not", "null"] and len(words) - 2 >= least and lower[-3:-2] != ["is"]:
        return True, words[:-2]
    if lower[-1:] == ["null"] and len(words) - 1 >= least and lower[-2:-1] not in (["is"], ["not"]):
        return False, words[:-1]
    return None, words


def _parse_generated(words: list[str], start: int) -> ColumnText:
    not_null, head = _take_null(words[:start])
    after, tail = _take_null(words[start + 1 :])
    collation, head = _take_collation(head)
    _check_type(head)
    generated = " ".join(word if word.startswith("(") else word.lower() for word in tail)
    if not _GENERATED.fullmatch(generated):
        raise NotUnderstood("`always as (EXPRESSION) stored` or `always | by default as identity` after `generated`")
    return ColumnText(" ".join(head), after if not_null is None else not_null, None, collation, generated)


def _take_collation(words: list[str]) -> tuple[str | None, list[str]]:
    """`collate NAME` out of a type."""
    lower = [word.lower() for word in words]
    if "collate" not in lower:
        return None, words
    at = lower.index("collate")
    if at + 1 == len(words):
        raise NotUnderstood("a collation after `collate`")
    return words[at + 1], words[:at] + words[at + 2 :]


def _check_type(words: list[str]) -> None:
    if not words:
        raise NotUnderstood("a type")
    for word in words:
        if word.lower() in _NO_TYPE:
            raise NotUnderstood(f'`TYPE [not null] [default EXPRESSION]` without "{word}"')


def _split_default(text: str) -> tuple[str, str | None]:
    """The text before and behind `=`, `:=` or `default` outside quotes and brackets."""
    depth, offset = 0, 0
    if "=" not in text and "default" not in text.lower():
        return text, None
    for token in _TOKEN.findall(text):
        depth += (token in ("(", "[")) - (token in (")", "]"))
        if depth == 0 and (token in ("=", ":=") or token.lower() == "default"):
            return text[:offset].strip(), text[offset + len(token) :].strip()
        offset += len(token)
    return text, None
