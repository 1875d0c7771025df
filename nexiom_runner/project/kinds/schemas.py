"""`expect: schemas:`: owner, grants, comment."""

from nexiom_runner.project.keys import Key, Table
from nexiom_runner.project.kinds.forms import grants
from nexiom_runner.project.kinds.kind import ObjectKind, bare_name
from nexiom_runner.project.kinds.tables import ABOUT, OWNER

SCHEMAS = ObjectKind(
    "schema",
    "schemas",
    "Schemas by name, and what must be so of each.",
    Table((OWNER, Key("grants", grants("usage", "create"), "Exactly these privileges, by role."), ABOUT)),
    bare_name,
)
