"""The state that a history leads to: which script stands how."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from nexiom_runner.ledger.entry import Event


class Recorded(Protocol):
    """What the fold reads of an entry: an Entry has it, and so have its Facts."""

    @property
    def event(self) -> str: ...
    @property
    def phase(self) -> str | None: ...
    @property
    def script(self) -> str | None: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def segment(self) -> int | None: ...
    @property
    def segments(self) -> int | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def semantic(self) -> str | None: ...
    @property
    def renamed_from(self) -> str | None: ...
    @property
    def at(self) -> str: ...
    @property
    def by(self) -> str | None: ...
    @property
    def commit(self) -> str | None: ...
    @property
    def destructive(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Record:
    """How one script stands: the fingerprints it was last applied or accepted with.

    `semantic` is that of the text up to the end of what is applied, `begun` up to the end of what was started.
    """

    script: str
    phase: str
    kind: str
    source: str
    semantic: str
    at: str
    event: Event  # applied, rerun, baselined, accepted
    by: str = ""
    done: int = 1  # segments applied
    segments: int = 1
    started: int | None = None  # a lone segment that began and has not been seen to end
    commit: str | None = None
    begun: str = ""
    destructive: str | None = None  # why it might take data away, where it did

    @property
    def whole(self) -> bool:
        """Every segment is applied."""
        return self.done >= self.segments


@dataclass(frozen=True, slots=True)
class State:
    """Scripts by key, oldest first; what left the project; the last failure of what is not applied."""

    scripts: Mapping[str, Record]
    retired: frozenset[str] = frozenset()  # phases and script keys
    reverted: frozenset[str] = frozenset()  # phases
    renamed: Mapping[str, str] | None = None  # old phase name → the name it has now
    failed: frozenset[str] = frozenset()  # script keys whose last attempt failed
    last: Record | None = None  # newest script applied

    @property
    def phases(self) -> tuple[str, ...]:
        """Phases that have a script applied, in the order of their first one."""
        return tuple(dict.fromkeys(record.phase for record in self.scripts.values()))

    @property
    def partial(self) -> tuple[str, ...]:
        """Of these the ones of which a script is applied in part."""
        return tuple(dict.fromkeys(record.phase for record in self.scripts.values() if not record.whole))

    @property
    def last_whole(self) -> Record | None:
        """The newest script of which every segment is applied."""
        if self.last is None or self.last.whole:
            return self.last
        whole = [record for record in self.scripts.values() if record.whole]
        return max(whole, key=lambda record: record.at, default=None)


EMPTY = State({})


@dataclass(slots=True)
class _Folding:
    scripts: dict[str, Record]
    retired: set[str]
    reverted: set[str]
    renamed: dict[str, str]
    failed: set[str]
    last: Record | None = None


def fold(entries: Iterable[Recorded]) -> State:
    """The state after all entries, in the order of the chain. Linear; events it need not know change nothing."""
    folding = _Folding({}, set(), set(), {}, set())
    for entry in entries:
        step = _STEPS.get(entry.event)
        if step is not None:
            step(folding, entry)
    return State(
        folding.scripts,
        frozenset(folding.retired),
        frozenset(folding.reverted),
        folding.renamed,
        frozenset(folding.failed),
        folding.last,
    )


def _applied(folding: _Folding, entry: Recorded) -> None:
    key = _key(entry)
    before = folding.scripts.get(key)
    record = Record(
        key,
        entry.phase or "",
        entry.kind or "apply",
        entry.source or "",
        entry.semantic or "",
        entry.at,
        Event(entry.event),
        entry.by or "",
        entry.segment or entry.segments or 1,
        entry.segments or 1,
        commit=entry.commit,
        destructive=entry.destructive or (before.destructive if before and not before.whole else None),
    )
    folding.scripts[key] = record
    folding.last = record
    folding.failed.discard(key)
    for gone in (folding.retired, folding.reverted):
        gone.discard(key)
        gone.discard(record.phase)


def _started(folding: _Folding, entry: Recorded) -> None:
    key = _key(entry)
    before = folding.scripts.get(key)
    folding.failed.discard(key)
    folding.scripts[key] = Record(
        key,
        entry.phase or "",
        entry.kind or "apply",
        entry.source or "",
        before.semantic if before else "",
        entry.at,
        before.event if before else Event.APPLIED,
        entry.by or "",
        (entry.segment or 1) - 1,
        entry.segments or 1,
        started=entry.segment or 1,
        commit=entry.commit,
        begun=entry.semantic or "",
        destructive=before.destructive if before else None,
    )


def _accepted(folding: _Folding, entry: Recorded) -> None:
    before = folding.scripts.get(_key(entry))
    if before is None:
        return
    folding.scripts[before.script] = replace(
        before,
        source=entry.source or before.source,
        semantic=entry.semantic or before.semantic,
        event=Event.ACCEPTED,
    )


def _failed(folding: _Folding, entry: Recorded) -> None:
    """A segment that was started and failed is as if it had not been; a script of which nothing is applied is new. Of
    a backfill the batches before stay."""
    key = _key(entry)
    folding.failed.add(key)
    before = folding.scripts.get(key)
    if before is not None and before.kind == "backfill" and not before.whole:
        folding.scripts[key] = replace(before, begun="")  # its batches stay; what goes on may be another statement
        return
    if before is None or before.started is None or entry.segment != before.started:
        return
    if before.done:
        folding.scripts[key] = replace(before, started=None, begun="")
    else:
        del folding.scripts[key]


def _retired(folding: _Folding, entry: Recorded) -> None:
    folding.retired.add(_remove(folding, entry))


def _reverted(folding: _Folding, entry: Recorded) -> None:
    folding.reverted.add(_remove(folding, entry))


def _remove(folding: _Folding, entry: Recorded) -> str:
    """Take the script, or all scripts of the phase, out of the state; the name of what went."""
    one = None if entry.kind == "revert" else entry.script
    keys = [one] if one else [key for key, record in folding.scripts.items() if record.phase == entry.phase]
    for key in keys:
        folding.scripts.pop(key, None)
        folding.failed.discard(key)
    return one or entry.phase or ""


def _renamed(folding: _Folding, entry: Recorded) -> None:
    old, new = entry.renamed_from or "", entry.phase or ""
    folding.renamed[old] = new
    folding.scripts = {
        record.script: record for record in (rename(each, old, new) for each in folding.scripts.values())
    }


def rename(record: Record, old: str, new: str) -> Record:
    """The record under the phase's new name; itself where it is another phase's."""
    if record.phase != old:
        return record
    return replace(record, phase=new, script=new + record.script.removeprefix(old))


def _key(entry: Recorded) -> str:
    return entry.script or entry.phase or ""


_STEPS: Mapping[str, Callable[[_Folding, Recorded], None]] = {
    Event.APPLIED: _applied,
    Event.RERUN: _applied,
    Event.BASELINED: _applied,
    Event.STARTED: _started,
    Event.ACCEPTED: _accepted,
    Event.FAILED: _failed,
    Event.RETIRED: _retired,
    Event.REVERTED: _reverted,
    Event.RENAMED: _renamed,
}
