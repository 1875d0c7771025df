"""The graph as a value."""

import pickle

from graph_builders import graph, order

GRAPH = graph({"01_a/apply.sql": "select 1;", "02_b/apply.sql": "select 1;", "01_a/repeatable/v.sql": "select 1;"})


def test_graph_can_be_kept_and_read_back() -> None:
    assert order(pickle.loads(pickle.dumps(GRAPH))) == order(GRAPH)


def test_phase_is_complete_after_its_last_script() -> None:
    assert GRAPH.complete_after == {"01_a": 1, "02_b": 2}


def test_script_is_found_by_its_key() -> None:
    assert GRAPH.by_key["02_b/apply.sql"].phase == "02_b"
