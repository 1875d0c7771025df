"""JSON as the server wrote it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.shape.json import JsonError, Number, dumps, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
)


def test_numbers_keep_their_text():
    assert loads("[3, 3.0, 1e5, -0]") == [Number("3"), Number("3.0"), Number("1e5"), Number("-0")]


BAD = {
    '{"a": 1, "b": 2, "a": 3}': 'the key "a" is given twice',
    "[NaN]": "NaN is no JSON number",
    "[-Infinity]": "-Infinity is no JSON number",
    "{": "expecting property name enclosed in double quotes at character 2",
    "": "expecting value at character 1",
    "[" * 100_000: "it is nested too deep to be read",
}


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_what_is_no_json_is_refused(text):
    with pytest.raises(JsonError) as caught:
        loads(text)
    assert str(caught.value) == BAD[text]


def test_a_number_of_many_digits_is_read():
    assert loads("9" * 10_000) == Number("9" * 10_000)


@given(VALUES)
def test_what_is_written_reads_back(value):
    text = json.dumps(value)
    assert json.loads(dumps(loads(text))) == value
