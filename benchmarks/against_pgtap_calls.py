"""1,000 functions called and their JSON checked, by nexiom (a shape each) and by pgTAP (five assertions each)."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter

from benchmarks.clock import Ratio, medians
from benchmarks.pgtap import pgtap_server
from nexiom_runner.cli import collect_rarely
from nexiom_runner.database.session import Session
from nexiom_runner.project.load import load_project
from nexiom_runner.render.values import make_values
from nexiom_runner.results import Outcome
from nexiom_runner.test.reached import Reached
from nexiom_runner.test.test import test

CALLS = 1_000
DAY = date(2026, 11, 22)
ASSERTIONS = Path(__file__).parent.joinpath("sql/pgtap_calls.sql").read_text()
_FUNCTION = """\
create function public.overview_{n}(p_limit integer default 10) returns jsonb
language sql stable set search_path = ''
as $$ select jsonb_build_object('number', {n}, 'limit', p_limit, 'tags', jsonb_build_array('a', 'b'), 'owner', null) $$;
"""
_CALL = """\
    overview_{n}:
      result: {{number: int >= 0, limit: int 0..100, tags: [text], owner: text | null}}
      calls: {{ten: {{with: {{p_limit: 10}}}}}}
"""


def measure(calls: int = CALLS) -> Iterator[Ratio | str]:
    """On one connection each; pgTAP in one transaction and one message."""
    collect_rarely()
    with tempfile.TemporaryDirectory(prefix="nexiom-bench") as folder, pgtap_server(folder) as session:
        if isinstance(session, str):
            yield f"     calls {session}"
            return
        root = Path(folder, "project")
        _generate(root, calls)
        session.send((root / "phases/01_calls/apply.sql").read_text())
        project = load_project(root)
        values = make_values(project, "local", {}, {})

        def ours() -> float:
            begun = perf_counter()
            phases = ["01_calls"]
            results = test(
                session, project, phases, phases, (), values=values, today=DAY, reached=Reached(), sources=()
            )
            found = list(results)
            if [one.outcome for one in found].count(Outcome.PASS) < calls:
                raise SystemExit("the generated calls do not pass")
            return perf_counter() - begun

        def theirs() -> float:
            begun = perf_counter()
            if sum(line.startswith("ok") for line in _assertions(session, calls)) < 5 * calls:
                raise SystemExit("the generated assertions do not pass")
            return perf_counter() - begun

        nexiom, pgtap = medians(ours, theirs, rounds=5)
        yield Ratio(f"{calls} calls, each in a transaction of its own", nexiom, "pgTAP, all in one", pgtap, 1)


def _generate(root: Path, calls: int) -> None:
    numbers = range(1, calls + 1)
    phase = root / "phases/01_calls"
    phase.mkdir(parents=True)
    (root / "nexiom.yml").write_text("name: calls\nversion: '1'\ntargets: {local: {embedded: true}}\n")
    (phase / "apply.sql").write_text("".join(_FUNCTION.format(n=number) for number in numbers))
    (phase / "phase.yml").write_text("expect:\n  functions:\n" + "".join(_CALL.format(n=number) for number in numbers))


def _assertions(session: Session, calls: int) -> list[str]:
    asserted = ";\n".join(ASSERTIONS.replace("__n__", str(number)) for number in range(1, calls + 1))
    sent = session.send(f"begin; set search_path = pgtap, public; select no_plan();\n{asserted}; rollback")
    return [str(row[0]) for result in sent[3:-1] for row in result.rows]
