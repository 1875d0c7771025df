"""SQL comes from files, and composing changes no file."""

from pathlib import Path

import pytest

from nexiom_runner.database import queries
from nexiom_runner.database.queries import Literal, Query, load

SQL = Path(queries.__file__).parent / "sql"


def test_a_file_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "one.sql").write_text("-- One row.\nselect 1\n")
    query = load(str(tmp_path / "stage.py"), "one.sql")
    assert query == Query("-- One row.\nselect 1\n", "one.sql")
    (tmp_path / "sql" / "one.sql").unlink()
    assert load(str(tmp_path / "stage.py"), "one.sql") is query


def test_composing_makes_another_query() -> None:
    query = Query("select {a}, {b}")
    assert query.compose(a="x").compose(b=Literal(1)).parts == {"a": "x", "b": Literal(1)}
    assert query.parts == {}


@pytest.mark.parametrize("path", sorted(SQL.glob("*.sql")), ids=lambda path: path.name)
def test_every_file_says_first_what_comes_back(path: Path) -> None:
    first = path.read_text().split("\n")[0]
    assert first.startswith(("-- Nothing; ", "-- One row"))
