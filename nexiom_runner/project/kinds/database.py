"""`expect: extensions:`, `publications:` and `event_triggers:`: what belongs to the database as a whole."""

from nexiom_runner.project.keys import FLAG, TEXT, Key, Table, choice, list_of, matching
from nexiom_runner.project.kinds.kind import ObjectKind, bare_name
from nexiom_runner.project.kinds.tables import ABOUT, OWNER

VERSION = matching(r"(?:>= ?)?[0-9A-Za-z][\w.+-]*", 'a version as in "1.3" or ">= 1.3"')

EXTENSIONS = ObjectKind(
    "extension",
    "extensions",
    "Extensions by name: their version, or what must be so of each.",
    Table(
        (
            Key("version", VERSION, 'Its version: "1.3", or ">= 1.3".'),
            Key("schema", TEXT, "The schema of its objects."),
        )
    ),
    bare_name,
    short=("version", VERSION),
)

PUBLICATIONS = ObjectKind(
    "publication",
    "publications",
    "Publications by name, and what must be so of each.",
    Table(
        (
            Key("tables", list_of(TEXT), "Exactly the tables named in it."),
            Key("schemas", list_of(TEXT), "Exactly the schemas whose tables are all in it."),
            Key("all_tables", FLAG, "Whether every table is in it."),
            Key("publish", list_of(choice("insert", "update", "delete", "truncate"), least=1), "What it tells of."),
            Key("via_root", FLAG, "Whether partitions are told of as their root."),
            OWNER,
            ABOUT,
        )
    ),
    bare_name,
)

EVENT_TRIGGERS = ObjectKind(
    "event trigger",
    "event_triggers",
    "Event triggers by name, and what must be so of each.",
    Table(
        (
            Key("event", choice("ddl_command_start", "ddl_command_end", "sql_drop", "table_rewrite", "login"), "When."),
            Key("tags", list_of(TEXT), "Exactly the commands it fires at; [] for all."),
            Key("function", TEXT, "The function it calls."),
            Key("enabled", choice("origin", "replica", "always", "disabled"), "Whether it fires."),
            OWNER,
            ABOUT,
        )
    ),
    bare_name,
)
