"""Objects of every kind as expectations: what phase.yml states of them is brought up to what is live."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nexiom_runner.catalog.model import Name, Row
from nexiom_runner.catalog.names import dotted, quoted, told, told_collation
from nexiom_runner.contract.tree import Drop, Fields, Keep, Ordered, Right, Tree
from nexiom_runner.contract.written import constraint_text, default_text, policy_text, trigger_text, written_sql
from nexiom_runner.project.model import ObjectExpectation, Said

Write = Callable[[Row], Tree]
Rows = Mapping[str, Mapping[Name, Sequence[Row]]]


@dataclass(frozen=True, slots=True)
class Writer:
    """How a kind is written: its section, each key out of the row, and which of them where nothing is stated yet."""

    section: str
    keys: Mapping[str, Write]
    first: tuple[str, ...]
    short: Write | None = None  # one value that may stand for a mapping
    items: Mapping[str, str] | None = None  # lists of items, by the word of one


def object_tree(writer: Writer, row: Row, stated: ObjectExpectation | None, right: Right) -> Tree:
    """The expectation of an object: all that is stated, or where nothing is, what tells it from others."""
    said = {one.attribute: one for one in stated.said if not one.item} if stated else {}
    items = [one for one in stated.said if one.item] if stated else []
    lists = writer.items or {}
    new = not said and not items
    if writer.short is not None and (stated.short if stated else not any(row[each] for each in lists.values())):
        return Keep() if said and _are_right(said.values(), right) else writer.short(row)
    names = writer.first if new else tuple(said)
    entries = {name: _entry(writer.keys.get(name), row, said.get(name), right) for name in names}
    entries = {name: tree for name, tree in entries.items() if not (new and _says_nothing(name, tree))}
    for attribute, section in lists.items():
        if items or (new and row[section]):
            entries[section] = item_fields(row[section] or (), constraint_text, _of(items, attribute), right)
    return Fields(entries)


def _says_nothing(name: str, tree: Tree) -> bool:
    """Whether an entry need not be written where nothing is stated yet; no grants is something."""
    return isinstance(tree, Drop) or tree == "none" or (tree == Fields({}, True) and name != "grants")


def item_fields(rows: Sequence[Row], text: Write, stated: Mapping[str, Said], right: Right) -> Fields:
    """Items by name; those that are not live go, those that are right stay as they are written."""
    entries: dict[str, Tree] = {}
    for row in rows:
        said = stated.get(row["item"])
        entries[row["item"]] = Keep() if said is not None and _are_right([said], right) else text(row)
    gone = {name: said for name, said in stated.items() if name not in entries}
    entries |= {name: Keep() if said.value is None else Drop() for name, said in gone.items()}
    return Fields(entries, True)


def grants_fields(rows: Sequence[Row] | None) -> Fields:
    """Privileges by role."""
    held: dict[str, set[str]] = {}
    for row in rows or ():
        held.setdefault(row["role"], set()).add(row["privilege"])
    return Fields({role: tuple(sorted(rights)) for role, rights in held.items()}, True)


def column_grants_fields(rows: Sequence[Row] | None) -> Fields:
    """Privileges by role and column; they are told as `select email`."""
    held: dict[str, dict[str, set[str]]] = {}
    for row in rows or ():
        privilege, column = row["privilege"].split(" ", 1)
        held.setdefault(row["role"], {}).setdefault(column, set()).add(privilege)
    return Fields(
        {
            role: Fields({column: tuple(sorted(rights)) for column, rights in columns.items()}, True)
            for role, columns in held.items()
        },
        True,
    )


def _of(items: Sequence[Said], attribute: str) -> dict[str, Said]:
    return {one.item: one for one in items if one.attribute == attribute}


def _are_right(said: Iterable[Said], right: Right) -> bool:
    return all((one.place, _attribute(one)) in right for one in said)


def _attribute(said: Said) -> str:
    return f"{said.attribute} {quoted(said.item)}" if said.item else said.attribute


def _entry(write: Write | None, row: Row, said: Said | None, right: Right) -> Tree:
    if write is None or (said is not None and _are_right([said], right)):
        return Keep()
    return write(row)


def text(field: str) -> Write:
    """A text, number or flag of the row; nothing where there is none."""

    def write(row: Row) -> Tree:
        value = row[field]
        if isinstance(value, bool):
            return "true" if value else "false"
        return Drop() if value is None else f"{value:g}" if isinstance(value, float) else str(value)

    return write


def comment(row: Row) -> Tree:
    """A comment; "" where there is none."""
    return row["comment"] or ""


def _type(field: str) -> Write:
    return lambda row: Drop() if row[field] is None else told(row[field])


def _name(field: str) -> Write:
    return lambda row: "none" if row[field] is None else dotted(row[field])


def _names(field: str) -> Write:
    return lambda row: tuple(one if isinstance(one, str) else dotted(one) for one in row[field] or ())


def _pairs(field: str) -> Write:
    return lambda row: Fields({name: told(value) for name, value in row[field] or ()}, True)


def _sql(field: str) -> Write:
    return lambda row: Drop() if row[field] is None else written_sql(row[field])


def _grants(row: Row) -> Tree:
    return grants_fields(row["grants"])


def _labels(row: Row) -> Tree:
    return Ordered(tuple(row["labels"] or ()))


def _domain(row: Row) -> Tree:
    parts = [told(row["type"])]
    if row["collation"]:
        parts.append(f"collate {_collation(row)}")
    if row["not_null"]:
        parts.append("not null")
    if row["default"]:
        parts.append(f"default {default_text(row['default'], row['type'])}")
    return " ".join(parts)


def _collation(row: Row) -> Tree:
    return Drop() if row["collation"] is None else told_collation(row["collation"])


def _default(row: Row) -> Tree:
    return Drop() if row["default"] is None else default_text(row["default"], row["type"])


def _attributes(row: Row) -> Tree:
    return Drop() if row["attributes"] is None else Fields({name: told(kind) for name, kind in row["attributes"]}, True)


def _given(kind: str) -> Write:
    return lambda row: grants_fields((row["given"] or {}).get(kind))


SHARED: dict[str, Write] = {"owner": text("owner"), "comment": comment, "grants": _grants}
ROLE = ("login", "superuser", "inherit", "create_db", "create_role", "replication", "bypass_rls")
COUNTING = ("type", "start", "increment", "minimum", "maximum", "cache", "cycle")
GIVEN = ("tables", "sequences", "functions", "types", "schemas")

WRITERS: Mapping[str, Writer] = {
    "schema": Writer("schemas", SHARED, ("grants",)),
    "type": Writer(
        "types",
        {"kind": text("kind"), "attributes": _attributes, "subtype": _type("subtype"), **SHARED},
        ("kind", "attributes", "subtype"),
    ),
    "enum": Writer("enums", {"labels": _labels, **SHARED}, ("labels",), _labels),
    "domain": Writer(
        "domains",
        {
            "type": _type("type"),
            "not_null": text("not_null"),
            "default": _default,
            "collation": _collation,
            **SHARED,
        },
        ("type", "collation", "default"),
        _domain,
        {"constraint": "constraints"},
    ),
    "sequence": Writer(
        "sequences",
        {**{key: text(key) for key in COUNTING}, "owned_by": _name("owned_by"), **SHARED},
        ("type", "increment", "minimum", "maximum", "cycle", "owned_by", "grants"),
    ),
    "role": Writer(
        "roles",
        {
            **{key: text(key) for key in ROLE},
            "connection_limit": text("connection_limit"),
            "valid_until": text("valid_until"),
            "member_of": _names("member_of"),
            "settings": _pairs("settings"),
            "comment": comment,
        },
        (*ROLE, "member_of", "settings"),
    ),
    "default privileges": Writer("default_privileges", {kind: _given(kind) for kind in GIVEN}, GIVEN),
    "extension": Writer(
        "extensions",
        {"version": text("version"), "schema": text("of_schema")},
        ("version", "schema"),
        text("version"),
    ),
    "publication": Writer(
        "publications",
        {
            "tables": _names("tables"),
            "schemas": _names("schemas"),
            "all_tables": text("all_tables"),
            "publish": _names("publish"),
            "via_root": text("via_root"),
            **SHARED,
        },
        ("tables", "all_tables", "publish"),
    ),
    "event trigger": Writer(
        "event_triggers",
        {
            "event": text("event"),
            "tags": _names("tags"),
            "function": _name("function"),
            "enabled": text("enabled"),
            **SHARED,
        },
        ("event", "tags", "function", "enabled"),
    ),
}

RELATION: Mapping[str, Write] = {
    "kind": text("kind"),
    "persistence": text("persistence"),
    "force_row_security": text("force_row_security"),
    "partition_by": _sql("partition_by"),
    "partition_of": _name("partition_of"),
    "bounds": _sql("bounds"),
    "security_invoker": text("security_invoker"),
    "security_barrier": text("security_barrier"),
    "check_option": text("check_option"),
    "populated": text("populated"),
    "owner": text("owner"),
    "comment": comment,
}
ROUTINE: Mapping[str, Write] = {
    **{key: text(key) for key in ("kind", "cost", "rows", "leakproof", "parallel", "owner")},
    "support": _name("support"),
    "settings": _pairs("settings"),
    "comment": comment,
}
ITEMS: Mapping[str, tuple[str, Write]] = {
    "constraints": ("constraint", constraint_text),
    "triggers": ("trigger", trigger_text),
    "policies": ("policy", policy_text),
}


def more_of_table(name: Name, rows: Rows, said: Sequence[Said], new: Collection[str], right: Right) -> dict[str, Tree]:
    """What else is written of a table: all that is stated, and of the lists `new` all that it has."""
    stated = {one.attribute: one for one in said if not one.item}
    entries: dict[str, Tree] = {}
    for row in rows.get("relations", {}).get(name, ()):
        entries |= {key: _entry(RELATION[key], row, one, right) for key, one in stated.items() if key in RELATION}
    for section, (attribute, write) in ITEMS.items():
        items = _of(said, attribute)
        live = [row for row in rows.get(section, {}).get(name, ()) if row["item"] in items or not is_an_index(row)]
        if items or (section in new and live):
            entries[section] = item_fields(live, write, items, right)
    for row in rows.get("column_grants", {}).get(name, ()):
        if "column_grants" in stated or ("column_grants" in new and row["grants"]):
            entries["column_grants"] = _entry(_column_grants, row, stated.get("column_grants"), right)
    return entries


def more_of_function(rows: Sequence[Row], types: Sequence[str], said: Sequence[Said], right: Right) -> dict[str, Tree]:
    """What else is stated of a function, brought up to what is live."""
    row = next((row for row in rows if row["types"] == list(types)), None)
    if row is None:
        return {}
    return {one.attribute: _entry(ROUTINE.get(one.attribute), row, one, right) for one in said}


def _column_grants(row: Row) -> Tree:
    return column_grants_fields(row["grants"])


LISTS = (*ITEMS, "column_grants")


def is_an_index(row: Row) -> bool:
    """Whether a constraint is one that an index stands for, which is stated there."""
    return str(row.get("definition", "")).startswith(("PRIMARY KEY", "UNIQUE"))
