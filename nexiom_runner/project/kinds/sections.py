"""Every kind that has a section of its own under `expect:`, in the order of the reference."""

from typing import Any

from nexiom_runner.project.keys import Key
from nexiom_runner.project.kinds.conditions import ABOUT, HOLDS
from nexiom_runner.project.kinds.database import EVENT_TRIGGERS, EXTENSIONS, PUBLICATIONS
from nexiom_runner.project.kinds.roles import DEFAULT_PRIVILEGES, ROLE
from nexiom_runner.project.kinds.schemas import SCHEMAS
from nexiom_runner.project.kinds.sequences import SEQUENCES
from nexiom_runner.project.kinds.types import DOMAINS, ENUMS, TYPES
from nexiom_runner.project.model import ObjectExpectation

KINDS = (
    SCHEMAS,
    TYPES,
    ENUMS,
    DOMAINS,
    SEQUENCES,
    ROLE,
    DEFAULT_PRIVILEGES,
    EXTENSIONS,
    PUBLICATIONS,
    EVENT_TRIGGERS,
)

SECTIONS = (
    *(Key(one.section, one.form, one.about, default=()) for one in KINDS),
    Key("holds", HOLDS, ABOUT, default=()),
)


def objects_in(values: dict[str, Any]) -> tuple[ObjectExpectation, ...]:
    """The objects of all these sections of an `expect:` that was read."""
    return tuple(one for key in SECTIONS for one in values[key.name])
