"""A ledger as a file: what was written is read back, and whatever was changed in it is found."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_builders import INSTANCE, PROJECT, chain, entry

from nexiom_runner.errors import LedgerError, describe
from nexiom_runner.ledger.chain import entry_hash
from nexiom_runner.ledger.entry import canonical
from nexiom_runner.ledger.export import Export, check_export, read_export, write_export

SCRIPTS = ("a", "b", "c", "d", "e")
LINES = list(write_export(PROJECT, INSTANCE, chain(*SCRIPTS)))
places = st.integers(1, len(SCRIPTS))
hexes = st.text("0123456789abcdef", min_size=64, max_size=64)


def read(lines: list[str]) -> Export:
    return read_export("\n".join(lines) + "\n", "x.jsonl")


def told(lines: list[str]) -> str:
    fault = check_export(read(lines))
    assert fault is not None
    return describe(fault)


def refused(text: str) -> str:
    with pytest.raises(LedgerError) as caught:
        read_export(text, "x.jsonl")
    return describe(caught.value.faults[0])


def changed(lines: list[str], place: int, key: str, value: object) -> list[str]:
    line = json.dumps({**json.loads(lines[place]), key: value}, ensure_ascii=False)
    return [*lines[:place], line, *lines[place + 1 :]]


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")), max_size=5))
def test_export_is_read_back_as_it_was_written(scripts: list[str]) -> None:
    links = chain(*scripts)
    export = read(list(write_export(PROJECT, INSTANCE, links)))
    assert (export.project, export.instance, list(export.links)) == (PROJECT, INSTANCE, links)
    assert check_export(export) is None


def test_line_holds_previous_hash_and_the_entry_s_text() -> None:
    link = chain("a")[0]
    header, line = write_export(PROJECT, INSTANCE, [link])
    assert header == (
        f'{{"ledger":"nexiom ledger","format":1,"project":"p","instance":"{INSTANCE}","entries":1,'
        f'"head":"{link.hash}"}}'
    )
    assert json.loads(line) == {"previous": "0" * 64, "hash": link.hash, "entry": canonical(entry("a"))}


def deleted(lines: list[str], place: int, _: int) -> list[str]:
    return [*lines[:place], *lines[place + 1 :]]


def repeated(lines: list[str], place: int, to: int) -> list[str]:
    return [*lines[:to], lines[place], *lines[to:]]


def moved(lines: list[str], place: int, to: int) -> list[str]:
    rest = deleted(lines, place, 0)
    return [*rest[:to], lines[place], *rest[to:]]


def put_in(lines: list[str], place: int, _: int) -> list[str]:
    previous, text = json.loads(lines[place])["previous"], canonical(entry("x"))
    link = {"previous": previous, "hash": entry_hash(previous, text), "entry": text}
    return [*lines[:place], json.dumps(link), *lines[place:]]


def cut(lines: list[str], place: int, _: int) -> list[str]:
    return lines[:place]


@given(st.sampled_from([deleted, repeated, moved, put_in, cut]), places, places)
def test_every_change_of_the_order_is_found(
    change: Callable[[list[str], int, int], list[str]], place: int, to: int
) -> None:
    lines = change(LINES, place, to)
    assert (check_export(read(lines)) is None) == (lines == LINES)


@given(places, st.sampled_from(["previous", "hash"]), hexes)
def test_every_change_of_a_hash_is_found_at_its_entry(place: int, key: str, value: str) -> None:
    if value != json.loads(LINES[place])[key]:
        assert told(changed(LINES, place, key, value)).startswith(f"error: ledger entry {place} does not ")


@given(places, st.integers(0, 10**6), st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
def test_every_change_of_a_text_is_found_at_its_entry(place: int, at: int, character: str) -> None:
    text = json.loads(LINES[place])["entry"]
    at %= len(text)
    other = text[:at] + character + text[at + 1 :]
    if other != text:
        assert told(changed(LINES, place, "entry", other)).startswith(f"error: ledger entry {place} does not hold")


def test_export_that_was_cut_ends_before_its_header_says() -> None:
    links = chain(*SCRIPTS)
    assert told(LINES[:4]) == (
        f"error: the export ends at entry 3 with head {links[2].hash[:12]}…, its header says entry 5 with head "
        f"{links[4].hash[:12]}…\n"
        "hint: Entries were cut off or added after it was written, or its header was changed."
    )


@pytest.mark.parametrize("line", ["", "[]", "{", '{"entry":"\\ud800","hash":"","previous":""}', '{"entry":1}'])
def test_line_that_is_none_of_an_export_is_named(line: str) -> None:
    said = told([*LINES[:3], line, *LINES[4:]])
    assert said.startswith(
        f"error: line 4 is no line of an export: expected previous, hash and entry\n  x.jsonl:4:1\n    4 | {line}\n"
    )


def test_entry_before_a_broken_line_is_named_first() -> None:
    lines = changed([*LINES[:3], "broken"], 2, "hash", "f" * 64)
    assert told(lines).startswith("error: ledger entry 2 does not hold")


def test_entry_of_another_project_than_the_header_s_is_named() -> None:
    links = chain("a")
    export = replace(read(list(write_export("q", INSTANCE, links))))
    fault = check_export(export)
    assert fault is not None
    assert fault.message == 'ledger entry 1 is of project "p", expected "q"'


@pytest.mark.parametrize("text", ["", "{}", "select 1;", "[" * 100_000])
def test_other_file_is_refused(text: str) -> None:
    assert refused(text) == (
        'error: "x.jsonl" is no export of a ledger: its first line is no header of one\n'
        "hint: `nexiom ledger export FILE` writes one."
    )


def test_newer_format_is_refused() -> None:
    assert refused(changed(LINES, 0, "format", 2)[0]) == (
        'error: "x.jsonl" is of format 2, this nexiom knows up to format 1\n'
        "hint: Use the nexiom that wrote it, or a newer one."
    )


@pytest.mark.parametrize(("key", "word"), [("head", "a text"), ("entries", "a number")])
def test_header_that_lacks_something_is_refused(key: str, word: str) -> None:
    assert refused(changed(LINES, 0, key, None)[0]) == (
        f'error: the header of "x.jsonl" does not hold: expected {word} under "{key}"'
    )
