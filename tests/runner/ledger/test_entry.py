"""Entries as canonical text."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import LedgerError, describe
from nexiom_runner.ledger.entry import Entry, Event, Where, Who, canonical, parse, read_facts

ENTRY = Entry(
    Event.APPLIED,
    "studio",
    "2026-11-22T15:10:00.000001Z",
    "0.1.0",
    Who("deployer", "ada"),
    Where("studio", 16384, "7349000000000000001", "staging"),
    phase="01_core",
    script="01_core/apply.sql",
    kind="apply",
    source="a" * 64,
    semantic="b" * 64,
    statements=3,
)
text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
optional = st.none() | text
small = st.none() | st.integers(0, 2**53 - 1)
entries = st.builds(
    Entry,
    st.sampled_from(Event),
    text,
    text,
    text,
    st.builds(Who, text, optional, optional, optional, optional, st.none() | st.booleans()),
    st.builds(Where, text, st.integers(0, 2**32), text, text),
    phase=optional,
    script=optional,
    kind=optional,
    segment=small,
    segments=small,
    reason=optional,
    renamed_from=optional,
    details=st.dictionaries(text, text, max_size=3),
)


@given(entries)
def test_parsing_gives_back_what_was_written(entry: Entry) -> None:
    assert parse(canonical(entry)) == entry


@given(entries)
def test_text_is_sorted_json_without_white_space(entry: Entry) -> None:
    data = json.loads(canonical(entry))
    if not any(ord(letter) > 0xFFFF for name in data.get("details", ()) for letter in name):
        assert canonical(entry) == json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(entries)
def test_facts_are_the_entry_s_own(entry: Entry) -> None:
    facts = read_facts(canonical(entry))
    assert all(getattr(entry, name) == fact for name, fact in facts._asdict().items())


def test_text_of_an_entry_stays_what_it_is() -> None:
    assert canonical(ENTRY) == (
        '{"at":"2026-11-22T15:10:00.000001Z","event":"applied","format":1,"kind":"apply","nexiom":"0.1.0",'
        '"phase":"01_core","project":"studio","script":"01_core/apply.sql",'
        '"semantic":"' + "b" * 64 + '","source":"' + "a" * 64 + '","statements":3,'
        '"where":{"database":"studio","oid":16384,"system":"7349000000000000001","target":"staging"},'
        '"who":{"role":"deployer","user":"ada"}}'
    )


def test_keys_sort_by_utf16_code_units() -> None:
    """RFC 8785, 3.2.3: an emoji (surrogates from D83D) comes before U+FB33."""
    written = canonical(replace(ENTRY, details={"\ufb33": "2", "\U0001f600": "1"}))
    assert '"details":{"\U0001f600":"1","\ufb33":"2"}' in written


@pytest.mark.parametrize("reason", ["a\0b", "lone \ud800"])
def test_what_the_server_cannot_store_is_refused(reason: str) -> None:
    with pytest.raises(ValueError, match=r"NUL|surrogates"):
        canonical(replace(ENTRY, reason=reason))


def test_number_beyond_doubles_is_refused() -> None:
    with pytest.raises(ValueError, match="a ledger entry cannot hold the number 9007199254740992"):
        canonical(replace(ENTRY, statements=2**53))


def test_newer_format_is_refused() -> None:
    with pytest.raises(LedgerError) as caught:
        parse(canonical(replace(ENTRY, format=2, nexiom="9.0")))
    assert describe(caught.value.faults[0]) == (
        "error: ledger entry is of format 2, this nexiom reads up to format 1: it was written by nexiom 9.0"
    )


@pytest.mark.parametrize("other", ["", "[]", "{}", '{"format":1}', '{"format":"x"}', "null"])
def test_other_text_is_no_entry(other: str) -> None:
    with pytest.raises(LedgerError) as caught:
        parse(other)
    assert describe(caught.value.faults[0]) == f"error: not a ledger entry: {other}"
