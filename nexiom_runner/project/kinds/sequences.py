"""`expect: sequences:`: how they count, whose they are, and how far they are from their end."""

from nexiom_runner.project.keys import FLAG, TEXT, Key, Table, choice, matching
from nexiom_runner.project.kinds.forms import COUNT, WHOLE, grants
from nexiom_runner.project.kinds.kind import ObjectKind, read_name
from nexiom_runner.project.kinds.tables import ABOUT, OWNER

HEADROOM = matching(r"[0-9]{1,2}(?:\.[0-9]+)?%|100%", "a share as in 20%")

SEQUENCES = ObjectKind(
    "sequence",
    "sequences",
    "Sequences by name, and what must be so of each.",
    Table(
        (
            Key("type", choice("smallint", "integer", "bigint"), "The type of its values."),
            Key("start", WHOLE, "Its first value."),
            Key("increment", WHOLE, "The step between values."),
            Key("minimum", WHOLE, "Its least value."),
            Key("maximum", WHOLE, "Its greatest value."),
            Key("cache", COUNT, "How many values a session takes at once."),
            Key("cycle", FLAG, "Whether it begins again at its end."),
            Key("owned_by", TEXT, "The column it belongs to, TABLE.COLUMN; none."),
            Key("headroom", HEADROOM, "At least this share of its values is left: 20%."),
            OWNER,
            Key("grants", grants("select", "usage", "update"), "Exactly these privileges, by role."),
            ABOUT,
        )
    ),
    read_name,
)
