"""A phase.yml after live objects were accepted into it, as the command accepts them."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from nexiom_runner.audit.audit import audit
from nexiom_runner.audit.kinds.registry import all_rows, query_kinds
from nexiom_runner.audit.read import Wanted, read_catalog
from nexiom_runner.contract.accept import accept, read_objects
from nexiom_runner.database.session import Session
from nexiom_runner.project.load import load_project
from nexiom_runner.results import Outcome

Accepted = Callable[..., str]


@pytest.fixture
def accepted(session: Session, tmp_path: Path) -> Accepted:
    """phase.yml of the one phase after objects were accepted into it; audited, it then passes."""

    def run(sql: str, yml: str, *objects: str, **options: object) -> str:
        session.send(sql)
        folder = tmp_path / "phases" / "01_first"
        folder.mkdir(parents=True)
        (tmp_path / "nexiom.yml").write_text(
            'name: x\nversion: "1"\ntargets: {local: {embedded: true}}\ndefault_target: local\n'
        )
        (folder / "apply.sql").write_text("select 1;\n")
        if yml:
            (folder / "phase.yml").write_text(dedent(yml).lstrip("\n"), "utf-8")
        project = load_project(tmp_path)
        names, keys = read_objects(objects)
        rows = all_rows(names, keys)
        wanted = Wanted(frozenset(names), frozenset(names), rows=rows, kinds=query_kinds(rows))
        results = list(audit(session, project, ["01_first"], ["01_first"], ()))
        catalog = read_catalog(session, wanted)
        for edit in accept(catalog, project, names, phase="01_first", results=results, others=keys, **options):
            (tmp_path / edit.path).write_text(edit.after, "utf-8")
        after = audit(session, load_project(tmp_path), ["01_first"], ["01_first"], ())
        assert [one for one in after if one.outcome is not Outcome.PASS] == []
        return (folder / "phase.yml").read_text("utf-8")

    return run
