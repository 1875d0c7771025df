"""`nexiom test --watch`: look at the files, and run again what an edit touches, until Ctrl-C."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, nullcontext
from pathlib import Path

from nexiom_runner.commands.apply import apply
from nexiom_runner.commands.prepared import Prepared, find_project, prepare
from nexiom_runner.commands.request import Request
from nexiom_runner.database.embedded import start
from nexiom_runner.database.platform import wanted_server
from nexiom_runner.errors import NexiomError, describe
from nexiom_runner.report.words import count

EVERY = 0.3  # seconds between two looks at the files
FOLDERS = ("phases", "tests/sql", "macros", "fixtures", "audits")
READ = (".sql", ".yml", ".csv")

State = Mapping[str, tuple[int, int]]
Run = Callable[[tuple[str, ...], tuple[str, ...]], int]  # selectors of phases, paths of scripts; none of either: all


def _sleep() -> None:
    time.sleep(EVERY)


def watch(request: Request, run: Run, pause: Callable[[], None] = _sleep) -> int:
    """Run all, then what each edit touches. On an embedded target what changed is applied first, as `apply` does.

    Faults of the project's files are told, and the next edit may mend them. 0 when Ctrl-C ends it.
    """
    root = find_project(request)
    with ExitStack() as stack:
        try:
            seen = _state(root)
            _stay_up(request, stack)
            _once(request, run, (), ())
            while True:
                request.say(f"\nwatching {count(len(seen), 'file')}; Ctrl-C ends it")
                before, seen = seen, _changed(root, seen, pause)
                edited = sorted(path for path in {*before, *seen} if before.get(path) != seen.get(path))
                request.say(f"\nchanged: {', '.join(edited)}")
                _once(request, run, *_touched(request, edited))
        except KeyboardInterrupt:
            request.say("\nno longer watching")
            return 0


def _stay_up(request: Request, stack: ExitStack) -> None:
    """The embedded server runs from one look to the next; a project with faults starts it when they are mended."""
    try:
        prepared = prepare(request)
    except NexiomError:
        return
    target, root = prepared.target, prepared.settings.root
    server = start(root, wanted_server(root, target), environ=request.environ) if target.embedded else None
    stack.enter_context(server or nullcontext())


def _once(request: Request, run: Run, select: tuple[str, ...], scripts: tuple[str, ...]) -> None:
    try:
        if prepare(request).target.embedded and apply(request):
            return
        run(select, scripts)
    except NexiomError as error:
        for fault in error.faults:
            request.console.note(describe(fault))


def _changed(root: Path, before: State, pause: Callable[[], None]) -> State:
    """The files when they are others than before, and have stayed so for one look."""
    while True:
        pause()
        now = _state(root)
        if now != before:
            pause()
            if _state(root) == now:
                return now


def _state(root: Path) -> State:
    """When each file that the project consists of was written, and how long it is."""
    return dict(_files(root))


def _files(root: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    folders = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in READ)
    for path in (root / "nexiom.yml", *folders):
        try:
            found = path.stat()
        except OSError:
            continue  # gone meanwhile
        yield path.relative_to(root).as_posix(), (found.st_mtime_ns, found.st_size)


def _touched(request: Request, edited: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Phases to select, or scripts: a script alone where nothing else was edited; nothing is everything."""
    try:
        prepared = prepare(request)
    except NexiomError:
        return (), ()
    scripts = [f"{path.rsplit('.', 1)[0]}.sql" for path in edited if path.startswith("tests/sql/")]
    if len(scripts) == len(edited):
        return (), tuple(dict.fromkeys(scripts))
    selectors = [_selector(path, prepared) for path in edited]
    return (() if None in selectors else tuple(one for one in dict.fromkeys(selectors) if one)), ()


def _selector(path: str, prepared: Prepared) -> str | None:
    """`2_totals` for its phase.yml, `2_totals+` for its SQL, which others may need; None is everything."""
    match path.split("/"):
        case ("phases", phase, *rest) if phase in prepared.graph.phases:
            return phase if rest == ["phase.yml"] else f"{phase}+"
    return None
