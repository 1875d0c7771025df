"""What a table or view is besides its columns, indexes and grants; partitions and their bounds."""

from collections.abc import Sequence

from nexiom_runner.audit.clauses import Unreadable, bare
from nexiom_runner.audit.grants import judge_privileges
from nexiom_runner.audit.judgement import PASSED, Judgement, differs, unreadable
from nexiom_runner.audit.kinds.look import (
    COMMENT,
    OWNER,
    Attribute,
    Judge,
    Look,
    flag,
    grants_in,
    name_of,
    pairs_of,
    plain,
)
from nexiom_runner.audit.kinds.parts import Reader
from nexiom_runner.audit.spelling import Expression, column_expression, value_expression
from nexiom_runner.catalog.names import quoted, told
from nexiom_runner.project.model import GrantExpectation
from nexiom_runner.results import Outcome


def _partition_by(look: Look) -> Judgement:
    """Strategy and keys, which the server spells."""
    expected, found = str(look.stated.value), look.row["partition_by"]
    path, table = "partition_by", (look.stated.key.schema, look.stated.key.name)
    if found is None:
        return differs(path, expected, None, "how a table is partitioned is said when it is created")
    try:
        pairs = (_keys(expected), _keys(found))
    except Unreadable as problem:
        return Judgement(Outcome.ERROR, message=f"{path} cannot be evaluated: {problem} in `{expected}`")
    (strategy, wanted), (live, keys) = pairs
    texts = [[column_expression(bare(key), table) for key in each] for each in (wanted, keys)]
    if strategy == live and len(wanted) == len(keys):
        same = [look.speller.same(one, other) for one, other in zip(*texts, strict=True)]
        if all(same) or look.speller.unknown:
            return PASSED
    return differs(path, expected, found.lower(), "how a table is partitioned is said when it is created")


def _keys(text: str) -> tuple[str, list[str]]:
    reader = Reader(text)
    found = reader.needs("range", "list", "hash"), reader.list()
    reader.end()
    return found


def _bounds(look: Look) -> Judgement:
    """The values that a partition holds, as values of its parent's keys."""
    expected, found = str(look.stated.value), look.row["bounds"]
    if found is None:
        return differs("bounds", expected, None, "it is no partition")
    types = look.row["key_types"]
    try:
        (kind, wanted), (live, values) = _values(expected), _values(found)
    except Unreadable as problem:
        return Judgement(Outcome.ERROR, message=f"bounds cannot be evaluated: {problem} in `{expected}`")
    if kind == live and len(wanted) == len(values):
        each = range(len(values))
        same = [_same_value(look, wanted[at], values[at], types[at % len(types)]) for at in each]
        if all(same) or look.speller.unknown:
            return PASSED
        for at in each:
            fault = look.speller.fault(value_expression(wanted[at], types[at % len(types)] or "text"))
            if fault is not None:
                return unreadable("bounds", expected, found, fault, None)
    return differs("bounds", expected, told(found), None, _attached(look, expected))


def _attached(look: Look, bounds: str) -> str:
    """Bounds do not change: the partition is taken out and put in again, if its rows fit."""
    parent = ".".join(map(quoted, look.row["partition_of"]))
    detach = f"alter table {parent} detach partition {look.name};"
    return f"{detach}\nalter table {parent} attach partition {look.name} {bounds};"


def _same_value(look: Look, expected: str, found: str, kind: str | None) -> bool:
    if expected.lower() == found.lower() and expected.lower() in ("minvalue", "maxvalue"):
        return True
    if kind is None:
        return expected == found or look.speller.same(Expression(f"({expected}\n)"), Expression(f"({found}\n)"))
    return look.speller.same(value_expression(expected, kind), value_expression(found, kind))


def _values(text: str) -> tuple[str, list[str]]:
    """The kind of bound and its values; those of a list in one order."""
    reader = Reader(text)
    if reader.take("default"):
        reader.end()
        return "default", []
    reader.needs("for values")
    kind = reader.needs("from", "in", "with")
    values = reader.list()
    if kind == "from":
        reader.needs("to")
        values += reader.list()
    reader.end()
    if kind == "with":
        return "with " + ", ".join(" ".join(each.lower().split()) for each in values), []
    return kind, sorted(values) if kind == "in" else values


def _column_grants(look: Look) -> Judgement:
    """Exactly these privileges on single columns."""
    wanted: dict[str, list[str]] = {}
    for role, privilege in pairs_of(look.stated.value):
        wanted.setdefault(role, []).append(privilege)
    place = look.stated.place
    expected = tuple(GrantExpectation(role, tuple(each), place) for role, each in wanted.items())
    held = grants_in(look.row["grants"])
    return judge_privileges(expected, held, look.row["owner"], look.target, look.catalog, _on_columns)


def _on_columns(privileges: Sequence[str]) -> str:
    """`select (a), update (b)` of `select a`, `update b`."""
    pairs = (privilege.split(" ", 1) for privilege in privileges)
    return ", ".join(f"{privilege} ({quoted(column)})" for privilege, column in pairs)


def _persistence(look: Look) -> Judgement:
    return plain(
        "persistence", f"alter {{target}} set {'logged' if look.stated.value == 'permanent' else 'unlogged'};"
    )(look)


def _populated(look: Look) -> Judgement:
    if look.row["kind"] != "materialized view":
        return differs("populated", "true" if look.stated.value else "false", None, f"it is a {look.row['kind']}")
    return plain("populated", "refresh {target};")(look)


RELATION: dict[str, Judge] = {
    "kind": plain("kind"),
    "persistence": _persistence,
    "force_row_security": flag(
        "force_row_security",
        "alter {target} force row level security;",
        "alter {target} no force row level security;",
    ),
    "partition_by": _partition_by,
    "partition_of": name_of("partition_of"),
    "bounds": _bounds,
    "security_invoker": plain("security_invoker", "alter {target} set (security_invoker = {value});"),
    "security_barrier": plain("security_barrier", "alter {target} set (security_barrier = {value});"),
    "check_option": plain("check_option", "alter {target} set (check_option = {value});"),
    "populated": _populated,
    "owner": OWNER,
    "comment": COMMENT,
}
ATTRIBUTES = {
    **{name: Attribute("relations", judge) for name, judge in RELATION.items()},
    "column_grants": Attribute("column_grants", _column_grants),
}
