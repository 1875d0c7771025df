"""A function compared with what is stated of it: which overload is meant, then one attribute at a time."""

import re
from collections.abc import Collection, Sequence

from nexiom_runner.audit.grants import judge_execute
from nexiom_runner.audit.judgement import PASSED, Judgement, did_you_mean, differs, near_name, unreadable
from nexiom_runner.audit.spelling import Speller, type_expression
from nexiom_runner.audit.tables import judge_type, judge_value
from nexiom_runner.catalog.model import Argument, Catalog, Function
from nexiom_runner.catalog.names import quoted, returned, routine, shown, signature, spelled_argument, told
from nexiom_runner.project.in_force import ObjectKey, Stated
from nexiom_runner.project.model import ArgumentExpectation
from nexiom_runner.results import Difference, Outcome
from nexiom_runner.sql.lexer import Kind, identifier, kind_of, lexemes, significant
from nexiom_runner.sql.words import elements, folded

# https://www.postgresql.org/docs/current/sql-createfunction.html: replaced, a function keeps its owner and grants.
REPLACE = "create or replace it with the defaults expected: its grants and its comment stay"


def find_function(
    key: ObjectKey, siblings: Collection[ObjectKey], catalog: Catalog, speller: Speller
) -> Function | Judgement:
    """The live function that is meant, or why there is none. `siblings` are the other overloads stated."""
    live = catalog.functions.get((key.schema, key.name), ())
    if not live:
        near = did_you_mean(near_name((key.schema, key.name), catalog.nearby.get("function", ())))
        return differs("present", stated_signature(key), None, near)
    if key.types is None:
        return live[0] if len(live) == 1 else _ambiguous(live)
    exact = [function for function in live if _takes(function, key.types, speller)]
    if exact:
        return exact[0]
    if len(live) == 1 and not siblings:
        return live[0]
    return differs(
        "present", stated_signature(key), "; ".join(signature(function) for function in live), "other arguments"
    )


def stated_signature(key: ObjectKey) -> str:
    """The function as stated: `f(integer)`, `f` where no arguments are."""
    name = shown((key.schema, key.name))
    return name if key.types is None else f"{name}({', '.join(key.types)})"


def judge_function(stated: Stated, function: Function, catalog: Catalog, speller: Speller) -> Judgement:
    """One attribute of a function that is there."""
    value = stated.value
    if stated.attribute == "arguments":
        return _arguments(value, function, speller)  # type: ignore[arg-type]  # what `arguments` holds
    if stated.attribute == "returns":
        return _returns(str(value), function, speller)
    if stated.attribute == "execute":
        return judge_execute(value, function, catalog)  # type: ignore[arg-type]  # what `execute` holds
    if stated.attribute == "search_path":
        return _search_path(str(value), function)
    if stated.attribute in ("language", "volatility", "security", "strict"):
        return _plain(stated.attribute, value, function)
    return PASSED


def _ambiguous(live: Sequence[Function]) -> Judgement:
    found = "; ".join(signature(function) for function in live[:10])
    more = f" and {len(live) - 10} more" if len(live) > 10 else ""
    message = f"{len(live)} functions have this name: {found}{more}"
    return Judgement(Outcome.ERROR, message=message, fix="state `arguments:`, so that it is clear which one is meant")


def _takes(function: Function, types: Sequence[str], speller: Speller) -> bool:
    inputs = function.inputs
    if len(inputs) != len(types):
        return False
    pairs = zip(types, inputs, strict=True)
    same = [speller.same_type(stated, argument.type) for stated, argument in pairs]  # each asked, none left out
    return all(same)


def _plain(attribute: str, value: object, function: Function) -> Judgement:
    found = getattr(function, attribute)
    if found == value or (attribute == "language" and str(value).lower() == found):
        return PASSED
    said = {True: "true", False: "false"}
    fixes = {
        "volatility": str(value),
        "security": f"security {value}",
        "strict": "strict" if value else "called on null input",
    }
    fix = f"alter {routine(function)} {fixes[attribute]};" if attribute in fixes else None
    return differs(attribute, said.get(value, str(value)), said.get(found, found), None, fix)  # type: ignore[call-overload]


def _search_path(expected: str, function: Function) -> Judgement:
    wanted, found = path_items(expected), function.search_path
    if found is not None and wanted == path_items(found):
        return PASSED
    setting = ", ".join(quoted(schema) for schema in wanted) or "''"
    fix = f"alter {routine(function)} set search_path = {setting};"
    return differs(
        "search_path", _told_path(wanted), "not set" if found is None else _told_path(path_items(found)), None, fix
    )


def path_items(text: str) -> list[str]:
    """The schemas of a search_path in order; `""`, as `set search_path = ''` is stored, names none."""
    parts = re.findall(r'"((?:[^"]|"")*)"|([^\s,"\']+)', text)
    return [name for name in (quoted_part.replace('""', '"') or bare.lower() for quoted_part, bare in parts) if name]


def _told_path(schemas: Sequence[str]) -> str:
    return ", ".join(quoted(schema) for schema in schemas) or '""'


def _arguments(stated: Sequence[ArgumentExpectation], function: Function, speller: Speller) -> Judgement:
    differences: list[Difference] = []
    outcome, message = Outcome.FAIL, None
    expected = [Argument(one.name, one.mode, one.type, one.default) for one in stated]
    pairs = _paired(expected, function.arguments)
    for want, have in pairs:
        found = _argument(want, have, speller)
        if found.outcome is Outcome.ERROR:
            outcome, message = Outcome.ERROR, found.message
        differences.extend(found.differences)
    names = [one.name for one in expected]
    live = [one.name for one in function.arguments]
    if not differences and names != live:
        differences.append(Difference("arguments", f"({', '.join(names)})", f"({', '.join(live)})", "in another order"))
    if outcome is Outcome.ERROR:
        return Judgement(outcome, tuple(differences), message)
    if not differences:
        return PASSED
    ordered = names == live and all(_replaceable(want, have, speller) for want, have in pairs)
    fix = REPLACE if ordered else recreated(function, "with the arguments expected")
    return Judgement(Outcome.FAIL, tuple(differences), fix=fix)


def _paired(expected: Sequence[Argument], live: Sequence[Argument]) -> list[tuple[Argument | None, Argument | None]]:
    """Arguments of the same name; then those left over, in their order, as renamed."""
    if [one.name for one in expected] == [one.name for one in live]:
        return list(zip(expected, live, strict=True))
    named = {one.name: one for one in live if one.name}
    pairs: list[tuple[Argument | None, Argument | None]] = []
    taken = {one.name for one in expected} & named.keys()
    left = [one for one in live if one.name not in taken]
    for one in expected:
        pairs.append((one, named[one.name] if one.name in taken else left.pop(0) if left else None))
    return [*pairs, *((None, one) for one in left)]


def _argument(want: Argument | None, have: Argument | None, speller: Speller) -> Judgement:
    path = f"argument {(want or have).name or 'without a name'}"  # type: ignore[union-attr]  # one of them is
    if want is None or have is None:
        return differs(path, spelled_argument(want) if want else None, spelled_argument(have) if have else None)
    if (want.name, want.mode) == (have.name, have.mode):
        kind = judge_type(path, want.type, have.type, speller, None)
        value = _argument_default(path, want, have, speller)
        if kind is PASSED and value is PASSED:
            return PASSED
        if Outcome.ERROR in (kind.outcome, value.outcome):
            return kind if kind.outcome is Outcome.ERROR else value
        notes = [one.note for judged in (kind, value) for one in judged.differences if one.note]
        return differs(path, spelled_argument(want), spelled_argument(have), "; ".join(notes) or None)
    note = "another name is another function to PostgREST" if want.name != have.name else None
    return differs(path, spelled_argument(want), spelled_argument(have), note)


def _argument_default(path: str, want: Argument, have: Argument, speller: Speller) -> Judgement:
    if want.default is None:
        return PASSED if have.default is None else differs(path, None, told(have.default))
    return judge_value(path, want.default, have.default, have.type, speller, None)


def _replaceable(want: Argument | None, have: Argument | None, speller: Speller) -> bool:
    """Whether CREATE OR REPLACE can make the one of the other: a default may change or come, never go."""
    if want is None or have is None or (want.name, want.mode) != (have.name, have.mode):
        return False
    return speller.same_type(want.type, have.type) and (want.default is not None or have.default is None)


def recreated(function: Function, how: str) -> str:
    """What CREATE OR REPLACE refuses; dropping a function loses what was granted and said on it."""
    return f"drop {routine(function)};\ncreate it again {how}: its grants and its comment are lost, give them again"


def _returns(expected: str, function: Function, speller: Speller) -> Judgement:
    if expected == function.returns and not (function.returns_set or function.columns):
        return PASSED
    fix = recreated(function, f"returning {expected}")
    words = folded(piece for _, piece in significant(lexemes(expected)))
    if words[:2] == ["table", "("] or function.columns:
        if words[:2] == ["table", "("] and _same_columns(expected, function, speller):
            return PASSED
        return differs("returns", expected, returned(function), None, fix)
    is_set = words[:1] == ["setof"]
    kind = expected.strip()[5:].strip() if is_set else expected
    if function.returns is None or is_set != function.returns_set:
        return differs("returns", expected, returned(function), None, fix)
    if speller.same_type(kind, function.returns):
        return PASSED
    fault = speller.fault(type_expression(kind))
    if fault is not None:
        return unreadable("returns", expected, returned(function), fault, speller.near_type(kind))
    return differs("returns", expected, returned(function), None, fix)


def _same_columns(expected: str, function: Function, speller: Speller) -> bool:
    pieces = [piece for _, piece in significant(lexemes(expected))]
    columns, _ = elements(pieces, 1)
    if len(columns) != len(function.columns):
        return False
    names = [identifier(column[0]) for column in columns]
    types = [_joined(column[1:]) for column in columns]
    same = [speller.same_type(kind, live.type) for kind, live in zip(types, function.columns, strict=True)]
    return names == [column.name for column in function.columns] and all(same)


def _joined(pieces: Sequence[str]) -> str:
    text = ""
    for piece in pieces:
        tight = not text or piece in ".,()[]" or text[-1] in ".(["
        text += piece if tight and kind_of(piece) is not Kind.SPACE else f" {piece}"
    return text
