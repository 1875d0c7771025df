"""What may be said of a table besides its columns, indexes and grants."""

from typing import Any

from nexiom_runner.project.keys import FLAG, TEXT, Faults, Form, Key, Table, choice, mapping_of
from nexiom_runner.project.kinds.forms import COMMENT, grants, items, role_name
from nexiom_runner.project.model import GrantExpectation
from nexiom_runner.tree import Node, Scalar

CONSTRAINT = "foreign key (channel_id) references channels (id) on delete cascade"
TRIGGER = "before insert or update of status for each row execute function touch()"
POLICY = "for select to authenticated using (owner = auth.uid())"

CONSTRAINTS = items("constraint", CONSTRAINT, "primary key", "unique", "foreign key", "check", "exclude")
TRIGGERS = items("trigger", TRIGGER, "before", "after", "instead of", "constraint after")
POLICIES = items("policy", POLICY, "as", "for", "to", "using", "with check")

_COLUMNS = grants("select", "insert", "update", "references", named=str)


def _read_column_grants(key: Scalar, value: Node, where: str, faults: Faults) -> tuple[Any, ...]:
    """Of one role: privileges by column."""
    held: tuple[GrantExpectation, ...] = _COLUMNS.read(value, where, faults) or ()
    return tuple((role_name(key.text), one) for one in held)


def _column_grants(node: Node, where: str, faults: Faults) -> tuple[tuple[str, str], ...] | None:
    """Pairs (role, "privilege column"), as written."""
    read = mapping_of(_read_column_grants, _COLUMNS.schema).read(node, where, faults)
    if read is None:
        return None
    return tuple(
        (role, f"{privilege} {grant.role}") for each in read for role, grant in each for privilege in grant.privileges
    )


OWNER = Key("owner", TEXT, "The role that owns it.")
ABOUT = Key("comment", COMMENT, 'Its comment; "" for none.')

TABLE_KEYS = Table(
    (
        Key("kind", choice("table", "partitioned table", "foreign table", "view", "materialized view"), "What it is."),
        Key("persistence", choice("permanent", "unlogged"), "Whether it survives a crash."),
        Key("force_row_security", FLAG, "Whether row level security binds its owner too."),
        Key("partition_by", TEXT, "How it is partitioned: range (at), list (region), hash (id)."),
        Key("partition_of", TEXT, "The table it is a partition of."),
        Key("bounds", TEXT, "Of a partition: for values from ('2026-01-01') to ('2027-01-01'), or default."),
        OWNER,
        ABOUT,
        Key("constraints", CONSTRAINTS, f"Constraints by name: {CONSTRAINT}. Others may exist."),
        Key("triggers", TRIGGERS, f"Triggers by name: {TRIGGER} [disabled]. Others may exist."),
        Key("policies", POLICIES, f"Policies by name: [as restrictive] {POLICY} [with check (…)]. Others may exist."),
        Key(
            "column_grants",
            Form(_column_grants, {"type": "object", "additionalProperties": _COLUMNS.schema}),
            "Exactly these privileges on single columns, by role and column.",
        ),
    )
)

VIEW_KEYS = Table(
    (
        Key("kind", choice("view", "materialized view"), "What it is."),
        Key("security_invoker", FLAG, "Whether it reads with the rights of who asks (PostgreSQL 15)."),
        Key("security_barrier", FLAG, "Whether its conditions come before those of who asks."),
        Key("check_option", choice("none", "local", "cascaded"), "What may be written through it."),
        Key("populated", FLAG, "Whether a materialized view has been filled."),
        OWNER,
        ABOUT,
        Key("triggers", TRIGGERS, "Triggers by name: instead of insert for each row execute function f()."),
    )
)
