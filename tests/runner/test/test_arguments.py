"""Arguments written in YAML as the JSON document that is sent."""

import json

import pytest

from nexiom_runner.project.yaml import read_tree
from nexiom_runner.test.arguments import document, shown_document


def arguments(text):
    faults = []
    tree = read_tree(text, "phase.yml", faults)
    assert faults == []
    return {key.text: node for key, node in tree.entries}


def joined(parts):
    assert [kind for kind, _ in parts] == [""]
    return parts[0][1]


def test_unquoted_constants_and_numbers_are_json_and_all_else_is_text():
    text = 'a: 3\nb: 1.10\nc: null\nd: "3"\ne: 30 minutes\nf: 007\ng: on\nh: [true, {i: x}]\nj: -1e3\nk: ""\n'
    assert joined(document(arguments(text), {})) == (
        '{"a": 3, "b": 1.10, "c": null, "d": "3", "e": "30 minutes", "f": "007", "g": "on", '
        '"h": [true, {"i": "x"}], "j": -1e3, "k": ""}'
    )


def test_a_secret_is_sent_and_never_shown():
    given = arguments("key: {$secret: KEY}\nmore: [{deep: {$secret: OTHER}}]\n")
    assert json.loads(joined(document(given, {"KEY": 'a"b', "OTHER": "é"}))) == {"key": 'a"b', "more": [{"deep": "é"}]}
    assert json.loads(shown_document(given)) == {"key": "‹secret:KEY›", "more": [{"deep": "‹secret:OTHER›"}]}


@pytest.mark.parametrize("secrets", [{}, {"KEY": None}])
def test_a_secret_that_is_not_set_is_named(secrets):
    with pytest.raises(KeyError, match="KEY"):
        document(arguments("key: {$secret: KEY}"), secrets)
