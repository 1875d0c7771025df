"""A REVOKE that takes nothing away, because the right comes from somewhere else."""

from collections.abc import Iterator, Sequence

from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Read, Texts, granted
from nexiom_runner.sql.trees import Node

_PUBLIC = "PUBLIC"


def find(texts: Texts) -> Iterator[Found]:
    """Of functions while PUBLIC may execute them, of columns while the table is granted, of defaults in a schema."""
    shut = _all_functions_revoked(texts.reads)
    for number, read in enumerate(texts.reads):
        if read.tag == "AlterDefaultPrivilegesStmt":
            yield from _defaults(read)
        elif read.tag == "GrantStmt" and not read.node.get("is_grant"):
            if read.node.get("objtype") in ("OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE"):
                yield from _functions(read, texts, number) if not shut else ()
            elif read.node.get("objtype") == "OBJECT_TABLE":
                yield from _columns(read, texts, number)


def _defaults(read: Read) -> Iterator[Found]:
    """https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html: a schema's defaults only add."""
    action: Node = read.node["action"]
    schemas = [one for one in read.node.get("options", ()) if one["DefElem"]["defname"] == "schemas"]
    if action.get("is_grant") or not schemas or _PUBLIC not in _grantees(action):
        return
    if action.get("objtype") in ("OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_TYPE"):
        what = "functions" if action["objtype"] != "OBJECT_TYPE" else "types"
        message = (
            f"takes nothing away: PUBLIC has it on {what} by a default of all schemas, to which a schema's only adds"
        )
        fix = f"alter default privileges revoke all on {what} from public; without `in schema`"
        yield read.found("revoke-without-effect", "statement", ("public", read.statement.label), message, fix)


def _functions(read: Read, texts: Texts, number: int) -> Iterator[Found]:
    """From a role, while nobody ever takes EXECUTE from PUBLIC."""
    roles = [role for role in _grantees(read.node) if role not in (_PUBLIC, "")]
    if _PUBLIC in _grantees(read.node) or not roles:
        return
    for name in sorted(granted(read)):
        start = max((at for at in texts.created.get(name, ()) if at < number), default=None)
        if start is None or any(_from_public(texts.reads[at], name) for at in texts.granted[name] if at >= start):
            continue
        if any(_whole_schema(one) for one in texts.reads[start:]):
            continue
        message = f"takes nothing from {', '.join(roles)}: PUBLIC may execute it, and they with it"
        fix = f"revoke execute on function {'.'.join(name)} from public, {', '.join(roles)};"
        yield read.found("revoke-without-effect", "function", name, message, fix)


def _from_public(read: Read, name: tuple[str, str]) -> bool:
    return not read.node.get("is_grant") and _PUBLIC in _grantees(read.node) and name in granted(read)


def _whole_schema(read: Read) -> bool:
    """`revoke … on all functions in schema … from public`."""
    whole = read.tag == "GrantStmt" and read.node.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA"
    return whole and not read.node.get("is_grant") and _PUBLIC in _grantees(read.node)


def _all_functions_revoked(reads: Sequence[Read]) -> bool:
    """Whether a default of all schemas takes EXECUTE from PUBLIC."""
    return any(
        one.tag == "AlterDefaultPrivilegesStmt"
        and not one.node["action"].get("is_grant")
        and one.node["action"].get("objtype") == "OBJECT_FUNCTION"
        and _PUBLIC in _grantees(one.node["action"])
        and not any(option["DefElem"]["defname"] == "schemas" for option in one.node.get("options", ()))
        for one in reads
    )


def _columns(read: Read, texts: Texts, number: int) -> Iterator[Found]:
    """Of columns, while the role holds the privilege on the whole table."""
    columns = {
        one["AccessPriv"].get("priv_name", "all"): [part["String"]["sval"] for part in one["AccessPriv"]["cols"]]
        for one in read.node.get("privileges", ())
        if one["AccessPriv"].get("cols")
    }
    for name in sorted(granted(read)) if columns else ():
        before = [texts.reads[at] for at in texts.granted[name] if at < number]
        for role in _grantees(read.node):
            held = _held(before, role)
            for privilege, names in columns.items():
                if privilege in held or "all" in held:
                    message = f"takes no column from {role}: it holds {privilege} on the whole table"
                    fix = f"revoke {privilege} on the table, then grant the columns that remain"
                    yield read.found("revoke-without-effect", "table", name, f"{message} ({', '.join(names)})", fix)


def _held(before: Sequence[Read], role: str) -> set[str]:
    held: set[str] = set()
    for one in before:
        if role in _grantees(one.node):
            whole = {
                part["AccessPriv"].get("priv_name", "all")
                for part in one.node.get("privileges", ())
                if not part["AccessPriv"].get("cols")
            } or ({"all"} if not one.node.get("privileges") else set())
            if one.node.get("is_grant"):
                held |= whole
            else:
                held = set() if "all" in whole else held - whole
    return held


def _grantees(node: Node) -> list[str]:
    found = []
    for one in node.get("grantees", ()):
        role = one["RoleSpec"]
        found.append(_PUBLIC if role["roletype"] == "ROLESPEC_PUBLIC" else role.get("rolename", ""))
    return found
