"""Sequences: how they count, whose they are, how much is left of them."""

from nexiom_runner.audit.judgement import PASSED, Judgement, differs
from nexiom_runner.audit.kinds.look import COMMENT, OWNER, Kind, Look, flag, grants_of, plain
from nexiom_runner.audit.kinds.parts import Reader
from nexiom_runner.catalog.names import dotted, quoted
from nexiom_runner.results import Outcome


def _owned_by(look: Look) -> Judgement:
    """The column it goes with: `leads.id`, `crm.leads.id`; none."""
    stated, found = str(look.stated.value), look.row["owned_by"]
    wanted = None if stated == "none" else _column(stated)
    if wanted == (tuple(found) if found else None):
        return PASSED
    name = ".".join(map(quoted, wanted)) if wanted else "none"
    return differs(
        "owned_by", stated, dotted(found) if found else "none", None, f"alter {look.target} owned by {name};"
    )


def _column(text: str) -> tuple[str, ...]:
    reader = Reader(text)
    parts = [reader.identifier()]
    while reader.take("."):
        parts.append(reader.identifier())
    return tuple(parts if len(parts) == 3 else ["public", *parts])


def _headroom(look: Look) -> Judgement:
    """At least this share of its values is left."""
    row, stated = look.row, str(look.stated.value)
    if not row["see"]:
        message = f"headroom cannot be evaluated: permission denied for sequence {look.name}"
        return Judgement(Outcome.ERROR, message=message, fix=f"grant select on {look.target} to the role that audits;")
    least, greatest, step = int(row["minimum"]), int(row["maximum"]), int(row["increment"])
    last = row["last_value"]
    left = greatest - least + 1 if last is None else greatest - last if step > 0 else last - least
    share = 100 * left / (greatest - least + 1)
    if share >= float(stated.removesuffix("%")):
        return PASSED
    note = f"its last value is {last}, its {'greatest' if step > 0 else 'least'} {greatest if step > 0 else least}"
    fix = f"alter {look.target} as bigint {'no maxvalue' if step > 0 else 'no minvalue'};"
    return differs("headroom", f">= {stated}", f"{share:.1f}%", note, fix)


SEQUENCE = Kind(
    "sequences",
    "sequence",
    {
        "type": plain("type", "alter {target} as {value};"),
        "start": plain("start", "alter {target} start with {value};"),
        "increment": plain("increment", "alter {target} increment by {value};"),
        "minimum": plain("minimum", "alter {target} minvalue {value};"),
        "maximum": plain("maximum", "alter {target} maxvalue {value};"),
        "cache": plain("cache", "alter {target} cache {value};"),
        "cycle": flag("cycle", "alter {target} cycle;", "alter {target} no cycle;"),
        "owned_by": _owned_by,
        "headroom": _headroom,
        "owner": OWNER,
        "comment": COMMENT,
        "grants": grants_of(),
    },
    "create {target};",
)
