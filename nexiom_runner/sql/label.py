"""What a statement does in a few words, from its tokens: "create function run_pipeline_once(interval, integer)"."""

from collections.abc import Callable, Mapping, Sequence

from nexiom_runner.sql.words import Words, argument_type, elements, folded, kind_at, name_at, skip, spelled

CREATE_MODIFIERS = frozenset(
    [
        "or",
        "replace",
        "temp",
        "temporary",
        "unlogged",
        "global",
        "local",
        "unique",
        "recursive",
        "trusted",
        "procedural",
        "constraint",
    ]
)
BEFORE_NAME = frozenset({"if", "not", "exists", "concurrently", "only"})


def label(pieces: Sequence[str]) -> str:
    """The label of a statement whose significant lexemes are given; `public.` is left out, other schemas are not."""
    words = folded(pieces[:_LONGEST])
    return _LABELS.get(words[0], _first_word)(words) if words else ""


def _first_word(words: Words) -> str:
    return words[0]


def _create(words: Words) -> str:
    kind, index = kind_at(words, skip(words, 1, CREATE_MODIFIERS))
    return _named("create", kind, words, index)


def _alter(words: Words) -> str:
    kind, index = kind_at(words, 1)
    return _named(words[0], kind, words, index) if kind != "default privileges" else "alter default privileges"


def _comment(words: Words) -> str:
    kind, index = kind_at(words, 2)
    return _named("comment on", kind, words, index)


def _grant(words: Words) -> str:
    """`grant execute on function f(integer)`; `grant a` for a membership."""
    if "on" not in words:
        return " ".join(words[:2])
    on = words.index("on")
    privileges, _ = elements(["(", *words[1:on], ")"], 0)
    verb = " ".join(part for part in (words[0], ", ".join(map(spelled, privileges)), "on") if part)
    if on + 1 < len(words) and words[on + 1] == "all":
        return f"{verb} {' '.join(words[on + 1 : on + 6])}"
    kind, index = kind_at(words, on + 1)
    return _named(verb, kind, words, index)


def _named(verb: str, kind: str, words: Words, index: int) -> str:
    index = skip(words, index, BEFORE_NAME)
    head = f"{verb} {kind}".rstrip()
    if kind == "index" and index < len(words) and words[index] == "on":
        return head + _table(words, index, "on")
    parts, end = name_at(words, index)
    if not parts:
        return head
    arguments = _signature(words, end) if kind in _WITH_ARGUMENTS else ""
    table = _table(words, end, _BEFORE_TABLE[kind]) if kind in _BEFORE_TABLE else ""
    return f"{head} {_dotted(parts)}{arguments}{table}"


def _signature(words: Words, index: int) -> str:
    if index >= len(words) or words[index] != "(":
        return ""
    types = (argument_type(argument) for argument in elements(words, index)[0])
    return f"({', '.join(kind for kind in types if kind)})"


def _table(words: Words, index: int, before: str) -> str:
    """` on messages`: the table of an index, trigger, policy or rule."""
    found = next((at for at in range(index, len(words)) if words[at] == before), len(words))
    parts, _ = name_at(words, skip(words, found + 1, BEFORE_NAME))
    return f" on {_dotted(parts)}" if parts else ""


def _dotted(parts: Sequence[str]) -> str:
    return ".".join(parts).removeprefix("public.")


def _first_words_and_name(words: Words) -> str:
    """`insert into x`, `truncate x`, `refresh materialized view x`."""
    index = skip(words, 1, _BEFORE_TARGET)
    parts, _ = name_at(words, index)
    shown = [word for word in words[:index] if word not in _UNSAID]
    return " ".join([*shown, _dotted(parts)] if parts and parts[0] != "(" else shown)


def _setting(words: Words) -> str:
    scoped = len(words) > 2 and words[1] in ("local", "session")
    return " ".join(words[: 3 if scoped else 2])


_LONGEST = 400
_WITH_ARGUMENTS = frozenset({"function", "procedure", "aggregate", "routine"})
_BEFORE_TABLE = {"index": "on", "trigger": "on", "policy": "on", "rule": "to"}
_BEFORE_TARGET = frozenset(
    ["into", "from", "materialized", "view", "only", "table", "concurrently", "index", "schema", "system", "database"]
)
_UNSAID = frozenset({"only", "concurrently"})
_NAMED_BEHIND = "insert update delete merge truncate refresh copy call reindex analyze lock notify cluster vacuum"
_LABELS: Mapping[str, Callable[[Words], str]] = {
    "create": _create,
    "alter": _alter,
    "drop": _alter,
    "comment": _comment,
    "grant": _grant,
    "revoke": _grant,
    "set": _setting,
    "reset": _setting,
} | dict.fromkeys(_NAMED_BEHIND.split(), _first_words_and_name)
