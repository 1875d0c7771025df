"""What is marked sensitive in the live catalog, and which of it a function reaches."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nexiom_runner.audit.reach import Access, Reached, Unknown
from nexiom_runner.audit.routes import Routes, label
from nexiom_runner.catalog.names import quoted, shown
from nexiom_runner.project.exposure import Marked
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.results import Difference, Kind, Outcome, Result


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark that a function reaches, and one way there."""

    mark: Marked
    access: Access

    @property
    def difference(self) -> Difference:
        """`app_settings.value`, and the way from function to function to it."""
        *way, last = self.access.path
        column = f".{quoted(self.mark.column)}" if self.mark.column else ""
        marked = f"{shown((self.mark.schema, self.mark.table))}{column}"
        return Difference(marked, None, " → ".join([*way, f"{last}{column}"]), self.mark.reason)


def hits_of(reached: Reached, marks: Mapping[int, Sequence[Marked]]) -> list[Hit]:
    """One way to each mark, and one to each for an API role."""
    found: dict[tuple[Marked, bool], Hit] = {}
    for access in reached.accesses:
        for mark in marks.get(access.relation.oid, ()):
            if not mark.column or access.columns is None or mark.column in access.columns:
                found.setdefault((mark, bool(access.roles)), Hit(mark, access))
    return list(found.values())


def unknown_of(reached: Reached, marks: Mapping[int, Sequence[Marked]], routes: Routes) -> list[Unknown]:
    """What may reach something that is marked: with others' rights anything, with its own what its role may."""
    opened = frozenset().union(*(routes.relations[oid].open_to for oid in marks))
    return [one for one in reached.unknown if marks and (one.roles if one.elevated else one.roles & opened)]


def marks_of(routes: Routes, marked: Collection[Marked]) -> dict[int, list[Marked]]:
    """Marks by table; what is marked of a table is of its partitions too."""
    found: dict[int, list[Marked]] = {}
    for mark in marked:
        named = routes.named.get(mark.table, ())
        pending = [one.oid for one in named if one.name[0] == mark.schema]
        while pending:
            oid = pending.pop()
            if mark not in found.setdefault(oid, []):
                found[oid].append(mark)
                pending += [way.target for way in routes.known.get(("table", oid), ()) if way.route == "part"]
    return found


def missing_columns(routes: Routes, marked: Collection[Marked]) -> Iterator[Result]:
    """A mark on a column that is not there protects nothing."""
    for mark in marked:
        for table in routes.named.get(mark.table, ()):
            if table.name[0] == mark.schema and mark.column and mark.column not in table.columns:
                note = did_you_mean(mark.column, sorted(table.columns))
                differences = (Difference(f"sensitive {mark.column}", quoted(mark.column), None, note),)
                subject = f"table {label(table)}"
                yield Result(
                    Outcome.FAIL, Kind.OBJECT, mark.phase, subject, "sensitive", None, mark.place, None, differences
                )
