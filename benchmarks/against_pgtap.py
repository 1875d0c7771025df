"""The same assertions by nexiom and by pgTAP, on one server: 1,000 tables with their columns, 1,000 functions."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.clock import Ratio, medians
from benchmarks.generate import generate_project, scripts
from benchmarks.pgtap import pgtap_server
from nexiom_runner.audit.audit import audit
from nexiom_runner.cli import collect_rarely
from nexiom_runner.database.session import Session
from nexiom_runner.project.load import load_project
from nexiom_runner.results import Outcome

PHASES = 1_000
ASSERTIONS = Path(__file__).parent.joinpath("sql/pgtap_assertions.sql").read_text()


def measure(phases: int = PHASES) -> Iterator[Ratio | str]:
    """Ours has one assertion a table more, row security, which pgTAP does not know; pgTAP's run as one query."""
    collect_rarely()
    with tempfile.TemporaryDirectory(prefix="nexiom-bench") as folder, pgtap_server(folder) as session:
        if isinstance(session, str):
            yield f"     pgtap {session}"
            return
        generate_project(Path(folder, "project"), phases)
        for script in scripts(phases):
            session.send(script)
        project = load_project(Path(folder, "project"))
        names = [phase.name for phase in project.phases]

        def ours() -> float:
            begun = perf_counter()
            wrong = [one for one in audit(session, project, names, names, ()) if one.outcome is not Outcome.PASS]
            return _all_passed(begun, len(wrong))

        def theirs() -> float:
            begun = perf_counter()
            lines = [str(row[0]) for row in _assertions(session, phases)]
            return _all_passed(begun, sum(line.startswith("not ok") for line in lines))

        nexiom, pgtap = medians(ours, theirs, rounds=3)
        yield Ratio(f"audit of {phases} tables and {phases} functions", nexiom, "pgTAP's assertions", pgtap, 0.1)


def _assertions(session: Session, phases: int) -> tuple[tuple[str | None, ...], ...]:
    text = f"set search_path = pgtap, public; select no_plan(); {ASSERTIONS.replace('__phases__', str(phases))}"
    sent = session.send(f"begin; {text}; rollback")
    return sent[-2].rows


def _all_passed(begun: float, wrong: int) -> float:
    seconds = perf_counter() - begun
    if wrong:
        raise SystemExit(f"{wrong} assertions failed on the generated project")
    return seconds
