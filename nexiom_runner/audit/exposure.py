"""Declared exposure: which functions the API may call with other rights, why, and what is sensitive that they reach."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from nexiom_runner.audit.grants import listed
from nexiom_runner.audit.marks import hits_of, marks_of, missing_columns, unknown_of
from nexiom_runner.audit.reach import Access, Reached, Unknown, reached_by
from nexiom_runner.audit.routes import Routes, label, read_routes
from nexiom_runner.audit.unstated import Reachable, read_reachable, subject_of, unstated_of
from nexiom_runner.catalog.model import Name
from nexiom_runner.catalog.names import qualified, quoted_role, shown, told
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.project.exposure import Declared, Marked, declared_in_force, marked_in_force
from nexiom_runner.project.in_force import normalised_type
from nexiom_runner.project.model import Project
from nexiom_runner.results import Difference, Kind, Outcome, Reach, Result

Kept = TypeVar("Kept")
EXPOSURE = "exposure"


def find_exposed(
    session: Session, project: Project, applied: Sequence[str], creators: Mapping[Name, str], today: date
) -> list[Result]:
    """What others can reach and no phase states (see `unstated`), and one result a function for how it is exposed.

    A definer function that anon or authenticated may call needs a reason, one that reaches for them what is marked
    sensitive needs somebody who accepted that. A project that marks nothing and accepts nothing asks one query.
    """
    try:
        reachable = read_reachable(session, project.schemas)
    except ServerError as error:
        return [_cannot_look("what no phase states", error)]
    found = unstated_of(reachable, project, applied, creators)
    declared = declared_in_force(project, applied)
    marked = marked_in_force(project, applied)
    functions = [one for one in reachable if one.kind == "function"]
    try:
        uses = marked or any(one.accepted_by for one in declared.values())
        routes = read_routes(session, project.schemas) if uses else None
        closed = _closed(session, project, declared.values(), functions)
    except ServerError as error:
        return [*found, _cannot_look("what functions reach", error)]
    look = _Look(project, creators, today, routes, marks_of(routes, marked) if routes else {})
    found += missing_columns(routes, marked) if routes else []
    live, stated = (
        _by_name((one.name, one) for one in functions),
        _by_name((key[1:3], declared[key]) for key in declared),
    )
    for one in functions:
        judged = look.judge(one, _declared_of(one, live[one.name], stated.get(one.name, ())))
        found += [judged] if judged is not None else []
    return found + [look.no_longer_open(said) for said in closed]


def _cannot_look(subject: str, error: ServerError) -> Result:
    message = f"the catalog cannot be read: {error.report.message}"
    return Result(Outcome.ERROR, Kind.OBJECT, None, subject, message=message)


def _by_name(many: Iterable[tuple[Name, Kept]]) -> dict[Name, list[Kept]]:
    found: dict[Name, list[Kept]] = {}
    for name, one in many:
        found.setdefault(name, []).append(one)
    return found


def _declared_of(one: Reachable, live: Collection[Reachable], stated: Collection[Declared]) -> Declared | None:
    """What is said of this one of the live overloads; a type may be spelt another way than the server's."""
    types = tuple(normalised_type(told(kind)) for kind in one.types)
    for said in stated:
        if said.key.types is None or tuple(normalised_type(told(kind)) for kind in said.key.types) == types:
            return said
    alike = [said for said in stated if len(said.key.types or ()) == len(types)]
    namesakes = [other for other in live if len(other.types) == len(types)]
    return alike[0] if len(alike) == len(namesakes) == 1 else None


def _closed(
    session: Session, project: Project, declared: Collection[Declared], live: Collection[Reachable]
) -> list[Declared]:
    """Functions with a reason that are there and that nobody but their owner can call; asks where there may be one."""
    names = {one.name for one in live}
    shut = [
        one
        for one in declared
        if one.says and one.key.schema in project.schemas and (one.key.schema, one.key.name) not in names
    ]
    if not shut:
        return []
    rows = session.rows(load(__file__, "there.sql"), names=[one.key.name for one in shut])
    there = {(row.schema, row.name) for row in rows}
    return [one for one in shut if (one.key.schema, one.key.name) in there]


@dataclass(slots=True)
class _Judged:
    """What is wrong with one function's exposure, and what would mend it."""

    messages: list[str] = field(default_factory=list)
    fixes: list[str] = field(default_factory=list)
    differences: tuple[Difference, ...] = ()

    def add(self, message: str, fix: str) -> None:
        """One thing more."""
        self.messages.append(message)
        self.fixes.append(fix)


@dataclass(frozen=True, slots=True)
class _Look:
    """What judging one function needs; `marks` are by table."""

    project: Project
    creators: Mapping[Name, str]
    today: date
    routes: Routes | None
    marks: Mapping[int, Sequence[Marked]]

    def judge(self, one: Reachable, said: Declared | None) -> Result | None:
        """How a function is exposed; None where that is nobody's concern: no definer, nothing said, nothing reached."""
        reached = reached_by(self.routes, one.oid, one.api) if self.routes else Reached()
        hits = hits_of(reached, self.marks)
        open_hits = [hit for hit in hits if hit.access.roles]
        unknown = unknown_of(reached, self.marks, self.routes) if self.routes else []
        says = said is not None and said.says
        if not (says or open_hits or unknown or (one.definer and one.api)):
            return None
        judged = _Judged()
        if one.definer and one.api and (said is None or said.reason is None):
            judged.add(f"{listed(one.api)} may call it, it runs with its owner's rights, and no phase says why",
                       self._say_why(one, said))  # fmt: skip
        if said is not None:
            self._still_true(one, said, bool(hits or reached.unknown), judged)
        if open_hits and (said is None or said.accepted_by is None):
            judged.add(f"{listed(one.api)} reach what is marked sensitive, and nobody accepted that",
                       f"{self._accept(one, said)}, or close the way")  # fmt: skip
            judged.differences = tuple(dict.fromkeys(hit.difference for hit in open_hits))
        is_unsure = bool(unknown) and not judged.messages and not (said and said.accepted_by)
        return self._result(one, said, judged, self._reach(reached), unknown if is_unsure else [])

    def no_longer_open(self, said: Declared) -> Result:
        """A function that is said to be open and that nobody can call."""
        subject = f"function {shown((said.key.schema, said.key.name))}"
        subject += f"({', '.join(said.key.types)})" if said.key.types is not None else ""
        return Result(
            Outcome.FAIL,
            Kind.OBJECT,
            said.phase,
            subject,
            EXPOSURE,
            place=said.place,
            message="what is declared is no longer true: nobody but its owner may call it",
            fix="take reason: and accepted_by: out, or grant what they speak of",
        )

    def _still_true(self, one: Reachable, said: Declared, reaches: bool, judged: _Judged) -> None:
        if said.reason is not None and not one.definer and said.security != "invoker":
            judged.add("its reason is no longer true: it runs with the rights of who calls it",
                       "take reason: out, or say security: invoker beside it")  # fmt: skip
        if said.accepted_by is None:
            return
        if not reaches:
            judged.add("what was accepted is no longer true: it reaches nothing that is marked sensitive",
                       "take accepted_by: out")  # fmt: skip
        elif said.until is not None and said.until.value < self.today.isoformat():
            judged.add(f"{said.accepted_by.value} accepted what it reaches until {said.until.value}",
                       "have it accepted again, until a later day, or close the way")  # fmt: skip

    def _file(self, one: Reachable, said: Declared | None) -> str:
        phase = said.phase if said else self.creators.get(one.name)
        paths = {each.name: each.path for each in self.project.phases}
        return f"{paths[phase]}/phase.yml" if phase in paths else "the phase.yml that answers for it"

    def _accept(self, one: Reachable, said: Declared | None) -> str:
        return f"add accepted_by: NAME to {shown(one.name)} in {self._file(one, said)}"

    def _say_why(self, one: Reachable, said: Declared | None) -> str:
        roles = ", ".join(map(quoted_role, one.roles))
        types = ", ".join(one.types)
        revoke = f"revoke execute on routine {qualified(one.name)}({types}) from {roles};"
        if said is not None:
            return f"add reason: to {shown(one.name)} in {self._file(one, said)}, or {revoke}"
        line = f"functions: {{{shown(one.name)}: {{execute: [{listed(one.roles)}], reason: …}}}}"
        return f"state under expect in {self._file(one, said)}: {line}, or {revoke}"

    def _reach(self, reached: Reached) -> Reach | None:
        if self.routes is None:
            return None
        reads = [one for one in reached.accesses if "select" in one.events]
        writes = [one for one in reached.accesses if one.events - {"select"}]
        unknown = tuple(dict.fromkeys(f"{' → '.join(one.path)}: {one.what}" for one in reached.unknown))
        return Reach(self._tables(reads), self._tables(writes), unknown)

    def _tables(self, accesses: Sequence[Access]) -> tuple[str, ...]:
        """Tables by name, of those with something sensitive the columns too."""
        found: dict[int, set[str]] = {}
        for one in accesses:
            if not one.relation.is_view:
                columns = one.relation.columns if one.columns is None else one.columns
                found.setdefault(one.relation.oid, set()).update(columns)
        return tuple(sorted(self._table(oid, columns) for oid, columns in found.items()))

    def _table(self, oid: int, columns: Collection[str]) -> str:
        assert self.routes is not None
        name = label(self.routes.relations[oid])
        return f"{name} ({', '.join(sorted(columns))})" if oid in self.marks and columns else name

    def _result(
        self, one: Reachable, said: Declared | None, judged: _Judged, reach: Reach | None, unknown: Sequence[Unknown]
    ) -> Result:
        accepted = said.accepted_by.value if said and said.accepted_by else None
        outcome = Outcome.FAIL if judged.messages else Outcome.UNPARSED if unknown else Outcome.PASS
        message = "; ".join(judged.messages) or None
        if unknown:
            first = unknown[0]
            message = f"what it reaches is not known: {' → '.join(first.path)} executes {first.what}"
            judged.fixes.append(f"{self._accept(one, said)}, or write it without a text")
        return Result(
            outcome,
            Kind.OBJECT,
            said.phase if said else self.creators.get(one.name),
            subject_of(one),
            EXPOSURE,
            place=said.place if said else None,
            message=message,
            differences=judged.differences,
            fix="\n".join(judged.fixes) or None,
            owner=accepted,
            until=said.until.value if said and said.until else None,
            reach=reach,
        )
