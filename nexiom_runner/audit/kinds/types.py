"""Types, enums and domains."""

from collections.abc import Sequence
from dataclasses import replace

from nexiom_runner.audit.columns import is_collation
from nexiom_runner.audit.judgement import PASSED, Judgement, differs
from nexiom_runner.audit.kinds.constraints import CONSTRAINT
from nexiom_runner.audit.kinds.look import (
    COMMENT,
    OWNER,
    Judge,
    Kind,
    Look,
    flag,
    grants_of,
    kind_of_type,
    literal,
    pairs_of,
    plain,
)
from nexiom_runner.audit.kinds.parts import judge_item
from nexiom_runner.audit.spelling import Source
from nexiom_runner.audit.tables import judge_type, judge_value
from nexiom_runner.catalog.names import quoted, told
from nexiom_runner.results import Difference, Outcome


def _attributes(look: Look) -> Judgement:
    """All attributes of a composite type, in order."""
    wanted = pairs_of(look.stated.value)
    found: Sequence[Sequence[str]] = look.row["attributes"] or ()
    if [name for name, _ in wanted] != [name for name, _ in found]:
        return differs("attributes", _told_pairs(wanted), _told_pairs(found))
    differences: list[Difference] = []
    fixes: list[str] = []
    for (name, kind), (_, live) in zip(wanted, found, strict=True):
        fix = f"alter {look.target} alter attribute {quoted(name)} type {kind};"
        judged = judge_type(f"attribute {quoted(name)}", kind, live, look.speller, fix)
        if judged.outcome is Outcome.ERROR:
            return judged
        differences += judged.differences
        fixes += [judged.fix] if judged.fix else []
    if not differences:
        return PASSED
    return Judgement(Outcome.FAIL, tuple(differences), fix="\n".join(fixes) or None)


def _told_pairs(pairs: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{quoted(name)} {told(kind)}" for name, kind in pairs) or "none"


def _labels(look: Look) -> Judgement:
    """All labels in order; one that is missing can be added at its place, none can go."""
    assert isinstance(look.stated.value, tuple)
    wanted = [str(label) for label in look.stated.value]
    found: list[str] = look.row["labels"] or []
    if wanted == found:
        return PASSED
    return differs("labels", ", ".join(wanted), ", ".join(found), None, _added(look, wanted, found))


def _added(look: Look, wanted: Sequence[str], found: Sequence[str]) -> str:
    if [label for label in wanted if label in found] != list(found):
        return f"-- labels neither go nor move: make another type, and give it to the columns of {look.name}"
    lines = []
    for at, label in enumerate(wanted):
        if label not in found:
            where = f"after {literal(wanted[at - 1])}" if at else f"before {literal(found[0])}" if found else ""
            lines.append(f"alter {look.target} add value {literal(label)} {where}".rstrip() + ";")
    return "\n".join(lines)


def _default(look: Look) -> Judgement:
    stated, row = str(look.stated.value), look.row
    fix = f"alter {look.target} set default {stated};"
    return judge_value("default", stated, row["default"], row["type"], look.speller, fix)


def _collation(look: Look) -> Judgement:
    """Its collation, of any schema unless one is written; `default` is that of the type underneath."""
    stated, found = str(look.stated.value), look.row["collation"]
    live = ".".join(map(quoted, found)) if found else None
    if is_collation(stated, live):
        return PASSED
    return differs("collation", stated, live or "default", "the collation of a domain is said when it is created")


def _value(look: Look) -> tuple[Source, ...]:
    """VALUE in a check is of the type underneath."""
    return (("domain", (("value", look.row["type"]),)),)


_CHECK = judge_item(replace(CONSTRAINT, scope=_value), "constraints")
SHARED: dict[str, Judge] = {"owner": OWNER, "comment": COMMENT, "grants": grants_of()}
TYPE = Kind(
    "types", "type", {"kind": plain("kind"), "attributes": _attributes, "subtype": kind_of_type("subtype"), **SHARED}
)
ENUM = Kind("enums", "type", {"labels": _labels, **SHARED})
DOMAIN = Kind(
    "domains",
    "domain",
    {
        "type": kind_of_type("type"),
        "not_null": flag("not_null", "alter {target} set not null;", "alter {target} drop not null;"),
        "default": _default,
        "collation": _collation,
        "constraint": _CHECK,
        **SHARED,
    },
)
