"""pytest's way in: the calls, SQL tests and audits of a project as items, and fixtures on copies of its database.

Every run of pytest loads this module, most of them far from any project: it imports nothing of nexiom's, and looks for
nexiom.yml alone. What else there is, is imported when the first file of a project is collected or a fixture asked for.
"""

from collections.abc import Generator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

FAIL_ON = ("pending", "warn", "skip")
_MARKERS = ("phase(name): of this phase", "role(name): called as this role", "tag(name): of a phase tagged so")
_ROOT = pytest.StashKey[Path | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which target, and for pytest's own configuration where the project is and whether it is collected."""
    group = parser.getgroup("nexiom")
    group.addoption("--nexiom-target", metavar="NAME", help="target of nexiom.yml; else as nexiom chooses it")
    group.addoption("--nexiom-fail-on", metavar="WORDS", default="", help="also fail on: pending,warn,skip")
    parser.addini("nexiom_project", "folder of nexiom.yml; else found from rootdir upwards", default="")
    help_collect = "whether calls, tests/sql and audits of the project are collected, or its fixtures are there alone"
    parser.addini("nexiom_collect", help_collect, type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Find the project, if there is one. Raises UsageError for an option that cannot be."""
    for word in fail_on_words(config):
        if word not in FAIL_ON:
            raise pytest.UsageError(f"--nexiom-fail-on expects {', '.join(FAIL_ON)}, found {word}")
    root = _find_root(config)
    config.stash[_ROOT] = root
    if root is not None:
        for line in _MARKERS:
            config.addinivalue_line("markers", line)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The file as a collector where it is a phase.yml, a script of tests/sql or an audit of the project."""
    root = parent.config.stash.get(_ROOT, None)
    if root is None or file_path.suffix not in (".yml", ".sql") or not parent.config.getini("nexiom_collect"):
        return None
    kind = _kind(file_path, root)
    if kind is None:
        return None
    made: pytest.Collector = _late("collecting").collector(kind, root, file_path, parent)
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a result says beyond passed and failed."""
    report = yield
    told = getattr(item, "told_by_nexiom", None)
    if told is not None and call.when == "call":
        told(report)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Pending work is neither passed nor skipped."""
    is_pending = getattr(report, "nexiom_outcome", None) == "PENDING" and report.outcome == "skipped"
    return ("pending", "P", "PENDING") if is_pending else None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Who is waited for."""
    waiting = terminalreporter.stats.get("pending")
    if waiting:
        _late("telling").show_waiting(terminalreporter, waiting)


@pytest.fixture
def nexiom_copy(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A copy of the built project's database, dropped after the test: `.dsn`, `.name`, `.connect_plain()`."""
    yield from _late("fixtures").copy(request.config, request.config.stash.get(_ROOT, None))


@pytest.fixture
def nexiom_db(nexiom_copy: Any) -> Iterator[Any]:
    """A psycopg connection, in autocommit, as the role that owns the project's objects, on a copy of its database."""
    with nexiom_copy.connect_plain() as connection:
        yield connection


@pytest.fixture
def nexiom_rpc(request: pytest.FixtureRequest, nexiom_copy: Any) -> Iterator[Any]:
    """Calls a function as PostgREST does: `nexiom_rpc(name, {arguments}, role=…, claims={…})` returns its JSON."""
    yield from _late("fixtures").rpc(request.config, nexiom_copy)


def fail_on_words(config: pytest.Config) -> list[str]:
    """What --nexiom-fail-on says."""
    words: str = config.getoption("--nexiom-fail-on", "") or ""
    return [word.strip().lower() for word in words.split(",") if word.strip()]


def _find_root(config: pytest.Config) -> Path | None:
    chosen = str(config.getini("nexiom_project"))
    if chosen:
        return (config.rootpath / chosen).resolve()
    start = config.rootpath
    return next((folder for folder in (start, *start.parents) if (folder / "nexiom.yml").is_file()), None)


def _kind(file: Path, root: Path) -> str | None:
    try:
        parts = file.relative_to(root).parts
    except ValueError:
        return None
    match parts:
        case ("phases", _, "phase.yml"):
            return "phase"
        case ("tests", "sql", name) if name.endswith(".sql"):
            return "script"
        case ("audits", name) if name.endswith(".sql"):
            return "audit"
    return None


def _late(module: str) -> Any:
    return import_module(f"nexiom_runner.pytest_plugin.{module}")
