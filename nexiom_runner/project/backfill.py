"""The key of a phase that says how its backfill.sql goes: how many rows at a time, how fast, and when it stops."""

from nexiom_runner.errors import Fault
from nexiom_runner.project.keys import Faults, Form, Key, Table, number, read_table, table_schema
from nexiom_runner.project.limits import DURATION
from nexiom_runner.project.model import Backfill, Source
from nexiom_runner.tree import Node

FILE = "backfill.sql"
MOST_ROWS = 2**53 - 1  # what a ledger's entry can hold
LARGEST_BATCH = 1_000_000


def refuse_without_file(backfill: Backfill | None, settings: Source | None, there: bool, faults: Faults) -> None:
    """A fault where phase.yml says how a backfill goes and the phase has none."""
    if backfill is not None and backfill.place is not None and settings is not None and not there:
        folder = settings.path.rpartition("/")[0]
        line = settings.text.split("\n")[backfill.place.line - 1]
        message = f'key "backfill" says how "{folder}/{FILE}" goes, and there is no such file'
        faults.append(Fault(message, backfill.place, line, hint="Write it, or take the key out."))


def _read_backfill(node: Node, where: str, faults: Faults) -> Backfill:
    values = read_table(node, BACKFILL, where, faults)
    return Backfill(**values, place=node.place)


_DEFAULT = Backfill()
BACKFILL = Table(
    (
        Key("batch", number(1, LARGEST_BATCH), "What {{ batch }} is in backfill.sql (1000).", default=_DEFAULT.batch),
        Key("pause", DURATION, "How long it rests after each batch (100ms); 0: not at all.", default=_DEFAULT.pause),
        Key(
            "max_lag",
            DURATION,
            "How far a replica may be behind before it waits (10s); 0: it does not ask.",
            default=_DEFAULT.max_lag,
        ),
        Key(
            "max_wait",
            DURATION,
            "How long it waits for replicas before it stops (5m).",
            default=_DEFAULT.max_wait,
        ),
        Key(
            "max_rows",
            number(1, MOST_ROWS),
            "How many rows it may change before it stops; else three times those of the largest table it names.",
        ),
    )
)
BACKFILL_FORM = Form(_read_backfill, table_schema(BACKFILL))
BACKFILL_KEY = Key("backfill", BACKFILL_FORM, "How backfill.sql, one statement repeated until it changes no row, goes.")
