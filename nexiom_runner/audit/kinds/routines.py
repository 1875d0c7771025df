"""What else pg_proc says of a function: cost, rows, leakproof, parallel, support, settings, owner, comment."""

from nexiom_runner.audit.kinds.look import (
    COMMENT,
    OWNER,
    Attribute,
    Judge,
    Look,
    flag,
    literal,
    name_of,
    plain,
    settings_of,
)
from nexiom_runner.catalog.names import quoted


def _setting(look: Look, name: str, value: str | None) -> str:
    if value is None:
        return f"alter {look.target} reset {quoted(name)};"
    return f"alter {look.target} set {quoted(name)} = {literal(value)};"


ROUTINE: dict[str, Judge] = {
    "kind": plain("kind"),
    "cost": plain("cost", "alter {target} cost {value};"),
    "rows": plain("rows", "alter {target} rows {value};"),
    "leakproof": flag("leakproof", "alter {target} leakproof;", "alter {target} not leakproof;"),
    "parallel": plain("parallel", "alter {target} parallel {value};"),
    "support": name_of("support", "alter {target} support {name};"),
    "settings": settings_of(_setting),
    "owner": OWNER,
    "comment": COMMENT,
}
ATTRIBUTES = {name: Attribute("routines", judge) for name, judge in ROUTINE.items()}
