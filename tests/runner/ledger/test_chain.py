"""The chain finds what was changed in it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import describe
from nexiom_runner.ledger.chain import FIRST, Link, check, entry_hash


def chain(*texts: str) -> list[Link]:
    links: list[Link] = []
    previous = FIRST
    for number, text in enumerate(texts, 1):
        links.append(Link(number, previous, entry_hash(previous, text), text))
        previous = links[-1].hash
    return links


def test_hash_is_sha256_of_previous_and_text() -> None:
    """`printf '%064d%s' 0 ä | sha256sum`"""
    assert entry_hash(FIRST, "ä") == "f5ff7ebb60c3dec2d6ad40e365222d852f4305764698916f24db1d62191afdc1"


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)))))
def test_untouched_chain_holds(texts: list[str]) -> None:
    assert check(chain(*texts)) is None


def test_changed_text_is_named() -> None:
    links = chain("a", "b", "c")
    links[1] = replace(links[1], entry="B")
    fault = check(links)
    assert fault is not None
    assert describe(fault) == (
        f"error: ledger entry 2 does not hold: expected hash {entry_hash(links[1].previous, 'B')[:12]}…, "
        f"found {links[1].hash[:12]}…\n"
        "hint: Its text or its hash was changed."
    )


def test_deleted_entry_is_named_by_the_one_after_it() -> None:
    links = chain("a", "b", "c")
    del links[1]
    fault = check(links)
    assert fault is not None
    assert describe(fault) == (
        "error: ledger entry 3 does not follow the entry before it: "
        f"expected previous {links[0].hash[:12]}…, found {links[1].previous[:12]}…\n"
        "hint: An entry was inserted, deleted or moved."
    )


def test_moved_entry_is_found() -> None:
    first, second, third = chain("a", "b", "c")
    assert check([second, first, third]) is not None


def test_rewritten_hash_breaks_the_next_entry() -> None:
    links = chain("a", "b", "c")
    links[1] = replace(links[1], entry="B", hash=entry_hash(links[1].previous, "B"))
    fault = check(links)
    assert fault is not None
    assert fault.message.startswith("ledger entry 3 does not follow")
