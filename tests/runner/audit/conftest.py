"""Projects small enough to stand in a test, and results as lines that a test can assert whole."""

from collections.abc import Callable, Iterable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from nexiom_runner.audit.audit import audit
from nexiom_runner.audit.files import AuditFile, check_audit
from nexiom_runner.database.session import Session
from nexiom_runner.project.load import load_project
from nexiom_runner.project.model import Project
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.results import Result

MakeProject = Callable[..., Project]
Audited = Callable[..., list[str]]


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """A project whose phases state what is given, in order: `01_first`, `02_second`, `03_third`."""

    def make(*expectations: str, audits: dict[str, str] | None = None) -> Project:
        (tmp_path / "nexiom.yml").write_text(
            'name: x\nversion: "1"\ntargets: {local: {embedded: true}}\ndefault_target: local\n'
        )
        for name, expect in zip(("01_first", "02_second", "03_third"), expectations, strict=False):
            folder = tmp_path / "phases" / name
            folder.mkdir(parents=True)
            (folder / "apply.sql").write_text("select 1;\n")
            body = dedent(expect).strip()
            (folder / "phase.yml").write_text(
                "expect:\n" + indent(body, "  ") + "\n" if body else "title: x\n", "utf-8"
            )
        for name, text in (audits or {}).items():
            (tmp_path / "audits").mkdir(exist_ok=True)
            (tmp_path / "audits" / name).write_text(dedent(text).lstrip(), "utf-8")
        return load_project(tmp_path)

    return make


@pytest.fixture
def as_it_stands() -> Callable[[Project], list[AuditFile]]:
    """A project's audits, none of which is a template."""
    return lambda project: [check_audit(each, Rendered(each.source, each.source.text)) for each in project.audits]


def told(results: Iterable[Result]) -> list[str]:
    """Everything that a person would be told of each result, on a line (and a line for each of the fix)."""
    return [_told(result) for result in results]


def _told(result: Result) -> str:
    parts = [f"{result.outcome} {result.subject}", result.attribute or "", result.message or ""]
    for difference in result.differences:
        path = "" if difference.path == result.attribute else f"{difference.path}: "
        parts.append(f"{path}expected {difference.expected}, found {difference.found}")
        parts.append(difference.note or "")
    parts.append(f"fix: {result.fix}" if result.fix else "")
    return " | ".join(part for part in parts if part)


@pytest.fixture
def audited(session: Session, make_project: MakeProject, as_it_stands: Callable[[Project], list[AuditFile]]) -> Audited:
    """What an audit of the database tells of what does not pass, after `sql` ran as the owner."""

    def run(sql: str, *expectations: str, audits: dict[str, str] | None = None, by: Session = session) -> list[str]:
        if sql:
            session.send(sql)
        project = make_project(*expectations, audits=audits)
        names = [phase.name for phase in project.phases]
        return told(audit(by, project, names, names, as_it_stands(project)))

    return run


@pytest.fixture
def failing(audited: Audited) -> Audited:
    """What an audit tells of what does not pass; at least one other thing must."""

    def run(*arguments: object, **named: object) -> list[str]:
        lines = audited(*arguments, **named)
        assert any(line.startswith("PASS ") for line in lines)
        return [line for line in lines if not line.startswith("PASS ")]

    return run
