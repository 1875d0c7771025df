"""The ledger of a target or of a file, for commands that look at nothing else: no script is read, none rendered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nexiom_runner.apply.ledger import Stored, read_ledger
from nexiom_runner.apply.who import Runner, make_runner, where_of
from nexiom_runner.commands.prepared import read_project
from nexiom_runner.commands.request import Request
from nexiom_runner.database.session import Session
from nexiom_runner.database.targets import OpenTarget, open_target
from nexiom_runner.errors import Fault, LedgerError, UsageError
from nexiom_runner.ledger.chain import Link
from nexiom_runner.ledger.entry import Entry, parse
from nexiom_runner.ledger.export import Export, read_export
from nexiom_runner.ledger.where import moved
from nexiom_runner.project.outline import Project
from nexiom_runner.project.targets import resolve_target


@dataclass(frozen=True, slots=True)
class Recorded:
    """A project and its open target."""

    project: Project
    place: OpenTarget

    @property
    def session(self) -> Session:
        """The session on the target's database."""
        return self.place.session

    def runner(self, request: Request) -> Runner:
        """Who runs this, for an entry."""
        project, target = self.project, self.place.target
        return make_runner(project.name, project.root, self.session.server, target.name, request.environ, request.now)

    def stored(self) -> Stored:
        """The project's ledger as it is stored. Raises LedgerError where it has no entries."""
        stored = read_ledger(self.session, self.project.name)
        if stored is None or not stored.links:
            database = self.session.server.database
            message = f'database "{database}" has no ledger of project "{self.project.name}"'
            raise LedgerError(Fault(message, hint="The first apply makes it."))
        return stored

    def move(self, newest: Link) -> str | None:
        """One line where the newest entry was written in another database; never of an embedded one."""
        target = self.place.target
        if target.embedded:
            return None
        return moved(entry_of(newest).where, where_of(self.session.server, target.name))


@contextmanager
def open_recorded(request: Request) -> Iterator[Recorded]:
    """Open the target of the project. Raises what reading a project, resolving and opening a target raise."""
    project = read_project(request)
    target = resolve_target(project, request.target, request.environ)
    request.console.working(f"opening {target.name}")
    with open_target(project, target, request.environ) as place:
        yield Recorded(project, place)


def entry_of(link: Link) -> Entry:
    """What a link says. Raises LedgerError, with its number, where that cannot be read."""
    try:
        return parse(link.entry)
    except LedgerError as error:
        raise LedgerError(f"ledger entry {link.number} cannot be read: {error.faults[0].message}") from None


def read_file(path: Path) -> Export:
    """The export a file holds. Raises UsageError where it cannot be read, LedgerError where it is no export."""
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise UsageError(Fault(f'cannot read "{path}": {(error.strerror or str(error)).lower()}')) from None
    except UnicodeDecodeError:
        raise UsageError(Fault(f'cannot read "{path}": it is not UTF-8')) from None
    return read_export(text, str(path))
