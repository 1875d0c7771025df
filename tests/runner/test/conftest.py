"""A project of one phase or more, its SQL run on the test's database, its tests looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from textwrap import dedent, indent

import pytest

from nexiom_runner.database.session import Session
from nexiom_runner.project.load import load_project
from nexiom_runner.project.model import Project
from nexiom_runner.render.render import render
from nexiom_runner.render.values import TargetFacts, Values
from nexiom_runner.results import Result
from nexiom_runner.sql.read import read_script
from nexiom_runner.sql.script import Script
from nexiom_runner.test import test as stage
from nexiom_runner.test.reached import Reached
from nexiom_runner.test.scripts import TestScript, check_script

TODAY = date(2026, 11, 22)


@dataclass
class Bench:
    """Write with `phase` and `script`, then `look`."""

    root: Path
    session: Session
    secrets: dict[str, str | None] = field(default_factory=dict)
    target: TargetFacts = field(default_factory=lambda: TargetFacts("local"))
    settings: str = ""  # more of nexiom.yml

    def phase(self, sql: str, functions: str = "", name: str = "01_core", head: str = "") -> None:
        """Run the SQL, and write the phase with what its functions are expected to be."""
        folder = self.root / "phases" / name
        folder.mkdir(parents=True, exist_ok=True)
        folder.joinpath("apply.sql").write_text(sql or "select 1;\n")
        expect = f"expect:\n  functions:\n{indent(dedent(functions), '    ')}" if functions else ""
        folder.joinpath("phase.yml").write_text(f"title: A phase\n{head}{expect}")
        if sql:
            self.session.send(sql)

    def script(self, sql: str, assertions: str = "", name: str = "t") -> None:
        """Write tests/sql/NAME.sql and what its statements must return."""
        folder = self.root / "tests" / "sql"
        folder.mkdir(parents=True, exist_ok=True)
        folder.joinpath(f"{name}.sql").write_text(sql)
        if assertions:
            folder.joinpath(f"{name}.yml").write_text("statements:\n" + indent(dedent(assertions), "  "))

    def fixture(self, name: str, text: str) -> None:
        """Write fixtures/NAME."""
        self.root.joinpath("fixtures").mkdir(exist_ok=True)
        self.root.joinpath("fixtures", name).write_text(dedent(text))

    def project(self) -> Project:
        secrets = f"secrets: [{', '.join(self.secrets)}]\n" if self.secrets else ""
        targets = "targets: {local: {embedded: true}, production: {dsn: 'host=x', protected: true}}\n"
        self.root.joinpath("nexiom.yml").write_text(
            f'name: bench\nversion: "1"\n{secrets}default_target: local\n{targets}{self.settings}'
        )
        return load_project(self.root)

    def scripts(self, project: Project) -> list[TestScript]:
        values = Values(target=self.target, secrets=self.secrets)
        return [check_script(each, render(each.source, values)) for each in project.sql_tests]

    def sources(self, project: Project) -> list[Script]:
        """The scripts of the phases, as applied."""
        values = Values(target=self.target, secrets=self.secrets)
        files = [(phase.apply, phase.name) for phase in project.phases if phase.apply is not None]
        return [read_script(render(source, values), name, "apply") for source, name in files]

    def look(
        self,
        *applied: str,
        phases: tuple[str, ...] | None = None,
        today: date = TODAY,
        reached: Reached | None = None,
        running: stage.Running = stage.ALONE,
    ) -> list[Result]:
        """Every result of the phases, all applied unless told otherwise."""
        project = self.project()
        names = tuple(phase.name for phase in project.phases)
        values = Values(target=self.target, secrets=self.secrets)
        found = stage.test(
            self.session,
            project,
            applied or names,
            phases or names,
            self.scripts(project),
            values=values,
            today=today,
            sources=self.sources(project),
            reached=Reached() if reached is None else reached,
            running=running,
        )
        return list(found)


@pytest.fixture
def bench(tmp_path: Path, session: Session) -> Bench:
    """A project to write to, on a fresh database as nexiom_owner."""
    return Bench(tmp_path, session)


@pytest.fixture
def told() -> Callable[[Result], Mapping[str, object]]:
    """What a result says, without what is the same for all."""

    def tell(result: Result) -> Mapping[str, object]:
        names = ("outcome", "subject", "attribute", "role", "message", "differences", "fix", "sql", "owner", "until")
        return {name: getattr(result, name) for name in names if getattr(result, name)}

    return tell
