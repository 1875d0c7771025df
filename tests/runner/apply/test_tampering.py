"""A ledger that somebody with every right changed: the first entry that does not hold is named."""

import pytest
from apply_builders import CORE, PROJECT, run

from nexiom_runner.apply.ledger import read_ledger
from nexiom_runner.database.session import Session
from nexiom_runner.errors import describe
from nexiom_runner.ledger.chain import check, entries_after

UNLOCKED = (
    "alter table nexiom.ledger disable trigger refuse_change;"
    "alter table nexiom.ledger drop constraint ledger_holds;"
    "alter table nexiom.ledger drop constraint ledger_follows;"
)
WRITTEN = "encode(sha256(convert_to(previous || entry, 'UTF8')), 'hex')"
SCRIPTS = {**CORE, **{f"0{n}_s/apply.sql": f"select {n};" for n in range(2, 6)}}
GONE = "The entry it follows is not there: it was deleted, or written anew together with its hash."


@pytest.fixture
def tampered(session: Session, admin_session: Session) -> Session:
    """A ledger of five entries, numbered from 1, that a superuser may change."""
    run(session, SCRIPTS)
    admin_session.send(UNLOCKED)
    return admin_session


def found(session: Session) -> str:
    stored = read_ledger(session, PROJECT)
    assert stored is not None
    fault = check(stored.links, project=PROJECT, instance=stored.instance)
    return describe(fault) if fault else ""


def test_untouched_ledger_holds(tampered: Session) -> None:
    assert found(tampered) == ""


@pytest.mark.parametrize(
    ("change", "message", "hint"),
    [
        (
            "update nexiom.ledger set entry = replace(entry, 'ada', 'eve') where number = 3",
            "ledger entry 3 does not hold: ",
            "Its text or its hash was changed.",
        ),
        (
            "update nexiom.ledger set hash = repeat('f', 64) where number = 3",
            "ledger entry 3 does not hold: ",
            "Its text or its hash was changed.",
        ),
        (
            "update nexiom.ledger set entry = replace(entry, 'ada', 'eve') where number = 3;"
            "update nexiom.ledger set hash = WRITTEN where number = 3",
            "ledger entry 4 does not follow the entry before it: ",
            GONE,
        ),
        (
            "update nexiom.ledger set previous = repeat('f', 64) where number = 3",
            "ledger entry 3 does not follow the entry before it: ",
            "What it says it follows was changed; its hash still covers the entry before it.",
        ),
        ("delete from nexiom.ledger where number = 1", "ledger entry 2 does not follow the entry before it: ", GONE),
        ("delete from nexiom.ledger where number = 3", "ledger entry 4 does not follow the entry before it: ", GONE),
        (
            "update nexiom.ledger set project = 'q' where number = 3",
            "ledger entry 4 does not follow the entry before it: ",
            GONE,
        ),
        (
            "update nexiom.ledger set number = default where number = 3",
            "ledger entry 4 does not follow the entry before it: ",
            "It follows entry 6, which stands behind it: entries were moved.",
        ),
        (
            "insert into nexiom.ledger (project, instance, previous, hash, entry) select project, instance, previous, "
            "encode(sha256(convert_to(previous || replace(entry, 'ada', 'eve'), 'UTF8')), 'hex'), "
            "replace(entry, 'ada', 'eve') from nexiom.ledger where number = 3",
            "ledger entry 6 does not follow the entry before it: ",
            "Entry 3 follows the same one: one of the two was put in.",
        ),
        (
            "update nexiom.ledger set instance = gen_random_uuid() where number = 3",
            "ledger entry 3 is of instance ",
            "It was brought in from another ledger.",
        ),
        (
            "alter table nexiom.ledger alter column script drop expression;"
            "update nexiom.ledger set script = 'x' where number = 3",
            'ledger entry 3 and its column script differ: the entry says "03_s/apply.sql", the column "x"',
            "The column was changed; the entry holds.",
        ),
        (
            'update nexiom.ledger set entry = replace(entry, \'"project":"p"\', \'"project":"q"\') where number = 5;'
            "update nexiom.ledger set hash = WRITTEN where number = 5",
            'ledger entry 5 is of project "q", expected "p"',
            "It was brought in from another history.",
        ),
    ],
)
def test_every_seeded_change_is_found_and_its_entry_named(
    tampered: Session, change: str, message: str, hint: str
) -> None:
    tampered.send(change.replace("WRITTEN", WRITTEN))
    said = found(tampered)
    assert said.startswith(f"error: {message}")
    assert said.endswith(f"\nhint: {hint}")


def test_cut_tail_is_found_by_an_anchored_head_alone(tampered: Session) -> None:
    stored = read_ledger(tampered, PROJECT)
    assert stored is not None
    tampered.send("delete from nexiom.ledger where number > 3")
    cut = read_ledger(tampered, PROJECT)
    assert cut is not None
    assert found(tampered) == ""
    assert entries_after(cut.links, stored.links[4].hash) is None
    assert entries_after(cut.links, stored.links[2].hash) == 0
