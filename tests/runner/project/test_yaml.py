"""YAML becomes a tree: text as written, places in characters, nothing resolved."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import Fault, Place
from nexiom_runner.project.yaml import LARGEST, read_document, read_tree, refuse_comments
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence


def read(text: str) -> Node:
    faults: list[Fault] = []
    tree = read_tree(text, "p.yml", faults)
    assert faults == []
    return tree


@pytest.mark.parametrize(
    "word", ["on", "22023", "1.10", "0o17", "2027-06-30", "~", "null", "1_000", "yes", ".inf", "<<"]
)
def test_a_scalar_keeps_the_text_that_was_written(word):
    assert read(f"a: {word}").get("a") == Scalar(word, Place("p.yml", 1, 4), plain=True)


@pytest.mark.parametrize("written", ["'true'", '"true"', "|-\n  true", ">-\n  true"])
def test_a_quoted_scalar_is_not_plain(written):
    assert read(f"a: {written}\n").get("a") == Scalar("true", Place("p.yml", 1, 4), plain=False)


def test_columns_count_characters_not_bytes():
    tree = read("é: 😀\n'𝒳é': {ß: [ö]}\n")
    assert isinstance(tree, Mapping)
    assert [key.place.column for key, _ in tree.entries] == [1, 1]
    assert tree.entries[1][1] == Mapping(
        ((Scalar("ß", Place("p.yml", 2, 8)), Sequence((Scalar("ö", Place("p.yml", 2, 12)),), Place("p.yml", 2, 11))),),
        Place("p.yml", 2, 7),
    )


def test_a_file_with_nothing_in_it_is_an_empty_mapping():
    assert read("") == read("# only this\n") == read("---\n# and this\n...\n# x") == Mapping((), Place("p.yml", 1))


def test_text_folded_over_lines_is_one_text():
    assert read("a: int\n  >= 0\n").get("a") == Scalar("int >= 0", Place("p.yml", 1, 4))


def test_a_syntax_error_leaves_no_document():
    faults: list[Fault] = []
    assert read_document("a: [", "p.yml", faults) is None
    assert read_tree("a: [", "p.yml", faults) == Mapping((), Place("p.yml", 1))


def test_what_a_comma_cut_is_read_as_it_was_meant():
    tree = read_document("{s: in(a, b), t: numeric(10, 2), u: [text, varchar(3, 4), int]}", "p.yml", [])
    assert isinstance(tree, Mapping)
    assert [(key.text, getattr(value, "text", None)) for key, value in tree.entries] == [
        ("s", "in(a b)"),
        ("t", "numeric(10, 2)"),
        ("u", None),
    ]
    assert [item.text for item in tree.entries[2][1].items] == ["text", "varchar(3, 4)", "int"]


def test_brackets_of_a_regular_expression_are_no_cut():
    assert read(r"{a: text ~ \(}").get("a") == Scalar(r"text ~ \(", Place("p.yml", 1, 5))


def test_the_first_of_two_equal_keys_stays():
    tree = read_tree("a: 1\na: 2\n", "p.yml", [])
    assert isinstance(tree, Mapping)
    assert [(key.text, value.text) for key, value in tree.entries] == [("a", "1")]


def test_every_fault_is_told_not_only_the_first():
    faults: list[Fault] = []
    read_tree("a: *x\nb: &y 1\nb: !t 2\n", "p.yml", faults)
    assert [fault.place.line for fault in faults if fault.place] == [1, 2, 3, 3]


@pytest.mark.parametrize("comment", ["  # why", "\t#why", " #"])
def test_a_comment_behind_an_unquoted_shape_is_refused(comment):
    text = f"a: text ~ ^x{comment}\n"
    faults: list[Fault] = []
    refuse_comments(read(text), text, faults)
    assert [fault.place for fault in faults] == [Place("p.yml", 1, text.index("#") + 1)]


@pytest.mark.parametrize(
    "text", ["a: 'text ~ # x'   # why\n", "a: {b: int}  # why\n", "# why\na: int#1\n", "a: [b,  # x\n c]\n"]
)
def test_a_comment_that_cuts_nothing_is_none_of_our_business(text):
    faults: list[Fault] = []
    refuse_comments(read(text), text, faults)
    assert faults == []


@pytest.mark.parametrize("bomb", ["[" * 1_000_000, "{a: " * 500_000, "- " * 1_000_000, "a: &a [*a,*a]\n" * 100_000])
def test_a_hostile_document_is_refused_quickly(bomb):
    faults: list[Fault] = []
    start = time.process_time()
    read_tree(bomb[: LARGEST - 1], "p.yml", faults)
    assert faults
    assert time.process_time() - start < 5


def test_more_than_the_largest_document_is_not_parsed():
    faults: list[Fault] = []
    start = time.process_time()
    assert read_document("a: 1\n" * 10_000_000, "p.yml", faults) is None
    assert len(faults) == 1
    assert time.process_time() - start < 1


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff\u2028\u2029"))
VALUES = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


def plain_data(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain_data(item) for item in node.items]
    return {key.text: plain_data(value) for key, value in node.entries}


def scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Sequence):
        return [scalar for item in node.items for scalar in scalars(item)]
    return [scalar for key, value in node.entries for scalar in (key, *scalars(value))]


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.booleans())
def test_what_is_printed_as_yaml_reads_back(data, flow):
    text = yaml.safe_dump(
        data, allow_unicode=True, default_flow_style=flow, sort_keys=False, default_style='"', width=10**6
    )
    assert plain_data(read(text)) == data


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_each_place_points_at_what_was_written(data):
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_style="'", width=10**6)
    lines = text.split("\n")
    for scalar in scalars(read(text)):
        written = lines[scalar.place.line - 1][scalar.place.column - 1 :].removeprefix("? ")
        assert written.startswith(("'" + scalar.text.replace("'", "''") + "'", '"'))


@given(st.text())
def test_any_text_gives_a_tree_or_faults_with_places_inside_it(text):
    faults: list[Fault] = []
    read_tree(text, "p.yml", faults)
    lines = text.split("\n")
    for fault in faults:
        assert fault.place is not None
        assert 1 <= fault.place.line <= len(lines)
        assert 1 <= fault.place.column <= len(lines[fault.place.line - 1]) + 1


@given(st.text("ab:-#[]{}(),'\"|>&*! \n\t%@`?", max_size=40))
def test_any_punctuation_gives_a_tree_or_faults(text):
    faults: list[Fault] = []
    tree = read_tree(text, "p.yml", faults)
    if not faults:
        refuse_comments(tree, text, faults)
