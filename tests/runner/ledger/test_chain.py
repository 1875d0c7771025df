"""The chain finds what was changed in it, and names the first entry that does not hold."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_builders import INSTANCE, PROJECT, chain, chained, entry

from nexiom_runner.errors import describe
from nexiom_runner.ledger.chain import FIRST, Link, check, entries_after, entry_hash
from nexiom_runner.ledger.entry import canonical

SAYS = "detail: It says: applied {script}, 2026-11-22T15:10:00.000000Z, by ada.\n"
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))


def found(links: list[Link], **whose: str) -> str:
    """The printed form of what is found."""
    fault = check(links, **whose)
    assert fault is not None
    return describe(fault)


def follows(link: Link, expected: str, why: str) -> str:
    script = link.entry.partition('"script":"')[2].partition('"')[0]
    return (
        f"error: ledger entry {link.number} does not follow the entry before it: "
        f"expected previous {expected[:12]}…, found {link.previous[:12]}…\n"
        + SAYS.format(script=script)
        + f"hint: {why}"
    )


def test_hash_is_sha256_of_previous_and_text() -> None:
    """`printf '%064d%s' 0 ä | sha256sum`"""
    assert entry_hash(FIRST, "ä") == "f5ff7ebb60c3dec2d6ad40e365222d852f4305764698916f24db1d62191afdc1"


@given(st.lists(texts, max_size=5))
def test_untouched_chain_holds(scripts: list[str]) -> None:
    assert check(chain(*scripts), project=PROJECT) is None


def test_changed_text_is_named() -> None:
    links = chain("a", "b", "c")
    links[1] = replace(links[1], entry=canonical(entry("B")))
    assert found(links) == (
        "error: ledger entry 2 does not hold: "
        f"expected hash {entry_hash(links[1].previous, links[1].entry)[:12]}…, found {links[1].hash[:12]}…\n"
        + SAYS.format(script="B")
        + "hint: Its text or its hash was changed."
    )


def test_wrong_hash_is_named() -> None:
    links = chain("a", "b", "c")
    right, links[1] = links[1].hash, replace(links[1], hash="f" * 64)
    assert found(links) == (
        f"error: ledger entry 2 does not hold: expected hash {right[:12]}…, found ffffffffffff…\n"
        + SAYS.format(script="b")
        + "hint: Its text or its hash was changed."
    )


def test_changed_previous_is_named() -> None:
    links = chain("a", "b", "c")
    links[1] = replace(links[1], previous="f" * 64)
    why = "What it says it follows was changed; its hash still covers the entry before it."
    assert found(links) == follows(links[1], links[0].hash, why)


def test_deleted_entry_is_named_by_the_one_after_it() -> None:
    links = chain("a", "b", "c")
    del links[1]
    why = "The entry it follows is not there: it was deleted, or written anew together with its hash."
    assert found(links) == follows(links[1], links[0].hash, why)


def test_deleted_beginning_is_named_by_the_first_that_is_left() -> None:
    links = chain("a", "b", "c")[1:]
    why = "The entry it follows is not there: it was deleted, or written anew together with its hash."
    assert found(links) == follows(links[0], FIRST, why)


def test_moved_entry_is_found() -> None:
    first, second, third = chain("a", "b", "c")
    why = "It follows entry 2, which stands behind it: entries were moved."
    assert found([first, third, second]) == follows(third, first.hash, why)


def test_two_entries_after_one_are_named() -> None:
    links = chain("a", "b", "c")
    text = canonical(entry("x"))
    links.insert(2, Link(9, links[0].hash, entry_hash(links[0].hash, text), text))
    why = "Entry 2 follows the same one: one of the two was put in."
    assert found(links) == follows(links[2], links[1].hash, why)


def test_entry_put_in_between_makes_the_next_one_a_second_one() -> None:
    links = chain("a", "b")
    text = canonical(entry("x"))
    put_in = Link(9, links[0].hash, entry_hash(links[0].hash, text), text)
    why = "Entry 9 follows the same one: one of the two was put in."
    assert found([links[0], put_in, links[1]]) == follows(links[1], put_in.hash, why)


def test_entry_written_anew_with_its_hash_breaks_the_next_one() -> None:
    links = chain("a", "b", "c")
    text = canonical(entry("B"))
    links[1] = replace(links[1], entry=text, hash=entry_hash(links[1].previous, text))
    why = "The entry it follows is not there: it was deleted, or written anew together with its hash."
    assert found(links) == follows(links[2], links[1].hash, why)


def test_entry_of_another_project_is_named() -> None:
    links = chained([canonical(entry("a")), canonical(replace(entry("b"), project="q"))])
    assert found(links, project=PROJECT) == (
        'error: ledger entry 2 is of project "q", expected "p"\n'
        + SAYS.format(script="b")
        + "hint: It was brought in from another history."
    )


def test_entry_of_another_instance_is_named() -> None:
    links = [replace(link, instance=INSTANCE) for link in chain("a", "b")]
    links[1] = replace(links[1], instance="0000")
    assert found(links, instance=INSTANCE) == (
        f"error: ledger entry 2 is of instance 0000, this ledger is {INSTANCE}\n"
        + SAYS.format(script="b")
        + "hint: It was brought in from another ledger."
    )


@pytest.mark.parametrize(("value", "shown"), [("x", '"x"'), (None, "nothing")])
def test_column_that_says_something_else_is_named(value: str | None, shown: str) -> None:
    links = [replace(link, columns={"event": "applied", "script": value}) for link in chain("a")]
    assert found(links) == (
        f'error: ledger entry 1 and its column script differ: the entry says "a", the column {shown}\n'
        + SAYS.format(script="a")
        + "hint: The column was changed; the entry holds."
    )


def test_text_that_is_no_entry_is_named() -> None:
    assert found(chained(["{}"])) == "error: ledger entry 1 cannot be read: not a ledger entry: {}"


def test_cut_tail_holds_and_only_an_anchored_head_tells() -> None:
    links = chain("a", "b", "c")
    assert check(links[:2]) is None
    assert entries_after(links[:2], links[2].hash) is None


def test_head_is_found_with_what_came_after_it() -> None:
    links = chain("a", "b", "c")
    assert [entries_after(links, head) for head in (FIRST, *(link.hash for link in links))] == [3, 2, 1, 0]
