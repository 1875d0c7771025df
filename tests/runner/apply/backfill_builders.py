"""Backfills of a small table."""

from dataclasses import dataclass, field, replace

from apply_builders import PROJECT, runner, unchanged
from graph_builders import graph, phase, source

from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.ledger import read_history
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.database.session import Session
from nexiom_runner.plan.make import make_plan
from nexiom_runner.project.model import Backfill, Limits
from nexiom_runner.results import Result

KEY = "01_a/backfill.sql"
TABLE = "create table public.t (id int primary key, a int, b text);\n"
ROWS = "insert into public.t select n, n from generate_series(1, 10) as n;\n"
FILL = "update public.t set b = a where id in (select id from public.t where b is null limit {{ batch }});\n"
ORDERED = FILL.replace("limit", "order by id limit")
SCRIPTS = {"01_a/apply.sql": TABLE + ROWS, KEY: FILL}
PACE = Backfill(batch=4, pause=0)
WHOLE = (
    "remain done. The batch under way is committed whole or not at all. Running apply again goes on with what is left."
)
EVENTS = "select concat(script, ' ', event) from nexiom.ledger order by number"


@dataclass
class Heard:
    """What is said, how long is slept, and what is done instead of sleeping."""

    said: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    then: Session | None = None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.then is not None:
            self.then.send("rollback")

    def patience(self) -> Patience:
        limits = Limits(lock_timeout=100, retries=1)
        return Patience(limits, said=self.said.append, progress=self.told.append, sleep=self.sleep, random=lambda: 0.0)


def run(
    session: Session, scripts: dict[str, str] = SCRIPTS, pace: Backfill = PACE, patience: Patience | None = None
) -> list[Result]:
    backfill = source("phases/01_a/backfill.sql", "")
    made = graph(scripts, replace(phase("01_a"), backfill=backfill, pace=pace))
    history = read_history(session, PROJECT)
    plan = make_plan(made, history.state)
    patience = patience or Heard().patience()
    return list(apply_plan(session, plan, made, history, runner(session), reveal=unchanged, patience=patience))
