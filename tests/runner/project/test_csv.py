"""CSV as rows of text with places."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexiom_runner.errors import Place, describe
from nexiom_runner.project.csv import read_csv

TEXT = st.text(st.sampled_from('ab",\n é'), max_size=6)


def rows(text):
    faults = []
    found = read_csv(text, "fixtures/t.csv", faults)
    assert faults == []
    return [{key.text: None if value.plain else value.text for key, value in row.entries} for row in found]


def test_an_empty_field_is_null_and_empty_quotes_are_an_empty_text():
    assert rows('a,b\n,""\nnull,"x"\n') == [{"a": None, "b": ""}, {"a": "null", "b": "x"}]


def test_quoted_fields_hold_commas_quotes_and_lines():
    assert rows('a\n"x, ""y""\nz"\n') == [{"a": 'x, "y"\nz'}]


def test_blank_lines_and_a_missing_last_line_end_are_nothing():
    assert rows("a,b\n\n1,2\n\n3,") == [{"a": "1", "b": "2"}, {"a": "3", "b": None}]


def test_places_count_characters_and_lines_in_quotes():
    (first, second) = read_csv('a,é\n"x\ny",é\nü,z\n', "f.csv", [])
    assert [value.place for _, value in (*first.entries, *second.entries)] == [
        Place("f.csv", 2, 1),
        Place("f.csv", 3, 4),
        Place("f.csv", 4, 1),
        Place("f.csv", 4, 3),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'error: "f.csv" has no header\n  f.csv:1:1\nhint: Its first line names the columns.'),
        ("a,a\n", 'error: a column "a" is named twice\n  f.csv:1:3'),
        ("a,,b\n", "error: a column has no name\n  f.csv:1:3"),
        ("a,b\n1\n", "error: the header has 2 columns, this row 1\n  f.csv:2:1"),
        (
            'a\nx"y"\n',
            "error: a quote stands inside a field\n  f.csv:2:2\n"
            'hint: A field that holds a quote is quoted whole, and its quotes doubled: "say ""yes""".',
        ),
        (
            'a\n"x\n',
            "error: a quote stands inside a field\n  f.csv:2:1\n"
            'hint: A field that holds a quote is quoted whole, and its quotes doubled: "say ""yes""".',
        ),
    ],
)
def test_what_is_no_csv_is_refused(text, message):
    faults = []
    read_csv(text, "f.csv", faults)
    assert [describe(fault) for fault in faults] == [message]


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=4))
def test_what_pythons_own_writer_quotes_is_read_as_it_was(records):
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("k", "v"), *records])
    assert [(row["k"], row["v"]) for row in rows(out.getvalue())] == records
