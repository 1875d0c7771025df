"""Chains of entries, as a runner writes them."""

from collections.abc import Sequence
from dataclasses import replace

from nexiom_runner.ledger.chain import FIRST, Link, entry_hash
from nexiom_runner.ledger.entry import Entry, Event, Where, Who, canonical

PROJECT = "p"
INSTANCE = "11111111-2222-3333-4444-555555555555"
BASE = Entry(
    Event.APPLIED, PROJECT, "2026-11-22T15:10:00.000000Z", "0.1.0", Who("deployer", "ada"), Where("d", 1, "2", "t")
)


def entry(script: str) -> Entry:
    return replace(BASE, script=script, phase=script.partition("/")[0])


def chain(*scripts: str) -> list[Link]:
    return chained([canonical(entry(script)) for script in scripts])


def chained(texts: Sequence[str]) -> list[Link]:
    links: list[Link] = []
    previous = FIRST
    for number, text in enumerate(texts, 1):
        links.append(Link(number, previous, entry_hash(previous, text), text))
        previous = links[-1].hash
    return links
