"""Roles, and what others get by default on what a role creates."""

from nexiom_runner.audit.grants import judge_privileges
from nexiom_runner.audit.judgement import PASSED, Judgement
from nexiom_runner.audit.kinds.look import (
    COMMENT,
    Judge,
    Kind,
    Look,
    flag,
    grants_in,
    literal,
    plain,
    same_set,
    settings_of,
)
from nexiom_runner.audit.spelling import value_expression
from nexiom_runner.catalog.names import quoted

TIME = "timestamp with time zone"


def _attribute(field: str, word: str) -> Judge:
    return flag(field, f"alter {{target}} {word};", f"alter {{target}} no{word};")


def _memberships(look: Look, give: set[str], take: set[str]) -> str:
    lines = [f"revoke {quoted(role)} from {look.name};" for role in sorted(take)]
    return "\n".join(lines + [f"grant {quoted(role)} to {look.name};" for role in sorted(give)])


def _setting(look: Look, name: str, value: str | None) -> str:
    if value is None:
        return f"alter {look.target} reset {name};"
    return f"alter {look.target} set {name} = {literal(value)};"


def _valid_until(look: Look) -> Judgement:
    """A time, whatever way it is written; `infinity` and `none` are words."""
    stated, found = str(look.stated.value), look.row["valid_until"]
    if found is not None and stated != "none":
        pair = (value_expression(literal(text), TIME) for text in (stated, found))
        if look.speller.same(*pair) or look.speller.unknown:
            return PASSED
    fix = "alter {target} valid until 'infinity';" if stated == "none" else "alter {target} valid until {literal};"
    return plain("valid_until", fix)(look)


def _given(kind: str) -> Judge:
    """Exactly these privileges on each new object of a kind."""

    def judge(look: Look) -> Judgement:
        role, schema = look.stated.key.name, look.stated.key.schema
        within = f" in schema {quoted(schema)}" if schema else ""
        held = grants_in((look.row["given"] or {}).get(kind))
        expected = look.stated.value
        judged = judge_privileges(expected, held, role, kind, look.catalog)  # type: ignore[arg-type]  # what `grants` reads
        if judged.fix is None:
            return judged
        prefix = f"alter default privileges for role {quoted(role)}{within} "
        lines = (prefix + line for line in judged.fix.splitlines())
        return Judgement(judged.outcome, judged.differences, judged.message, "\n".join(lines))

    return judge


ROLE = Kind(
    "roles",
    "role",
    {
        "login": _attribute("login", "login"),
        "superuser": _attribute("superuser", "superuser"),
        "inherit": _attribute("inherit", "inherit"),
        "create_db": _attribute("create_db", "createdb"),
        "create_role": _attribute("create_role", "createrole"),
        "replication": _attribute("replication", "replication"),
        "bypass_rls": _attribute("bypass_rls", "bypassrls"),
        "connection_limit": plain("connection_limit", "alter {target} connection limit {value};"),
        "valid_until": _valid_until,
        "member_of": same_set("member_of", _memberships),
        "settings": settings_of(_setting),
        "comment": COMMENT,
    },
    "create {target};",
)
DEFAULT_PRIVILEGES = Kind(
    "default_privileges",
    "role",
    {kind: _given(kind) for kind in ("tables", "sequences", "functions", "types", "schemas")},
)
