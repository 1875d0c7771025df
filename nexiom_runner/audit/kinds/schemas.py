"""Schemas: owner, grants, comment."""

from nexiom_runner.audit.kinds.look import COMMENT, OWNER, Kind, grants_of

SCHEMA = Kind(
    "schemas",
    "schema",
    {"owner": OWNER, "comment": COMMENT, "grants": grants_of()},
    "create {target};",
)
