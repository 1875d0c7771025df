"""What is kept between runs: only of the very same files, only what the user wrote, never in the way."""

import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexiom_runner.commands import remembered
from nexiom_runner.commands.remembered import KEPT, cache_folder, content_key, keep, key_of, pack, recall, unpack

FEW = settings(max_examples=25, deadline=None)  # each writes files
KEY = key_of("some", "files")
FILES = {
    "nexiom.yml": b"name: a",
    "phases/1_a/apply.sql": b"select 1",
    "phases/1_a/phase.yml": b"title: A",
    "phases/1_a/repeatable/f.sql": b"select 2",
    "audits/a.sql": b"select 3",
    "macros/m.sql": b"{% macro m() %}",
    "fixtures/f.csv": b"a\n1\n",
    "tests/sql/t.sql": b"select 4",
}
PATHS = st.sampled_from(sorted(FILES))


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A frozen value, as the stages pass them."""

    words: frozenset[str]
    colour: Colour = Colour.RED


@dataclass(frozen=True, slots=True)
class Tree:
    leaves: tuple[Leaf, ...]
    nothing: None = None
    names: Mapping[str, int] = field(default_factory=dict)


TREES = st.builds(
    Tree,
    st.lists(st.builds(Leaf, st.frozensets(st.text()))).map(tuple),
    names=st.dictionaries(st.text(), st.integers()),
)


def write(root: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def key_with(files: Mapping[str, bytes]) -> str:
    """The key of a project that always lies at the same place."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "project")
        write(root, files)
        there = Path(tempfile.gettempdir(), f"nexiom-key-{os.getpid()}")
        there.unlink(missing_ok=True)
        there.symlink_to(root)
        try:
            return content_key(there)
        finally:
            there.unlink()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path / "project", FILES)
    return tmp_path / "project"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "nexiom"


def test_the_same_files_have_the_same_key() -> None:
    assert key_with(FILES) == key_with(dict(reversed(FILES.items())))


@FEW
@given(PATHS, st.binary(max_size=40))
def test_any_change_of_any_file_changes_the_key(path: str, content: bytes) -> None:
    assert (key_with({**FILES, path: content}) == key_with(FILES)) == (content == FILES[path])


@FEW
@given(PATHS)
def test_a_file_less_changes_the_key(path: str) -> None:
    assert key_with({name: content for name, content in FILES.items() if name != path}) != key_with(FILES)


@FEW
@given(PATHS, st.text("abé_", min_size=1, max_size=9))
def test_another_name_changes_the_key(path: str, name: str) -> None:
    moved = {(f"{path.rpartition('/')[0]}/{name}".lstrip("/") if p == path else p): c for p, c in FILES.items()}
    assert key_with(moved) != key_with(FILES)


@FEW
@given(PATHS, PATHS, st.integers(1, 6))
def test_bytes_that_move_between_files_change_the_key(one: str, other: str, count: int) -> None:
    moved = {**FILES, one: FILES[one][:-count]}
    moved[other] = FILES[one][-count:] + moved[other]
    assert (key_with(moved) == key_with(FILES)) == (moved == FILES)


def test_an_empty_folder_changes_the_key(project: Path) -> None:
    before = content_key(project)
    (project / "phases/2_b").mkdir()
    assert content_key(project) != before


def test_hidden_files_and_those_outside_of_the_project_do_not_change_the_key(project: Path) -> None:
    before = content_key(project)
    write(project, {"phases/.DS_Store": b"x", "README.md": b"x", "target/readiness.md": b"x"})
    assert content_key(project) == before


def test_the_same_files_elsewhere_have_another_key(project: Path, tmp_path: Path) -> None:
    write(tmp_path / "copy", FILES)
    assert content_key(project) != content_key(tmp_path / "copy")


def test_another_version_has_another_key(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content_key(project)
    monkeypatch.setattr(remembered, "__version__", "0.0.0")
    assert content_key(project) != before


def test_an_edited_nexiom_has_another_key(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content_key(project)
    monkeypatch.setattr(remembered, "__file__", str(project / "commands/remembered.py"))
    assert content_key(project) != before


def test_what_python_compiles_of_nexiom_does_not_change_the_key(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"nexiom/commands/remembered.py": b"", "nexiom/commands/__pycache__/a.pyc": b""})
    monkeypatch.setattr(remembered, "__file__", str(tmp_path / "nexiom/commands/remembered.py"))
    before = content_key(project)
    write(tmp_path, {"nexiom/commands/__pycache__/b.pyc": b""})
    assert content_key(project) == before


def test_links_that_lead_in_a_circle_end(project: Path) -> None:
    (project / "phases/1_a/loop").symlink_to(project / "phases")
    (project / "phases/1_a/self").symlink_to("self")
    before = content_key(project)
    (project / "phases/1_a/apply.sql").write_text("select 5")
    assert content_key(project) != before


def test_a_fifo_or_an_unreadable_file_does_not_hang_nor_fail(project: Path) -> None:
    before = content_key(project)
    os.mkfifo(project / "phases/1_a/revert.sql")
    (project / "phases/1_a/gone.sql").symlink_to("nowhere")
    assert content_key(project) != before


@given(st.lists(st.text(max_size=3)), st.lists(st.text(max_size=3)))
def test_texts_have_the_same_key_only_when_they_are_the_same(one: list[str], other: list[str]) -> None:
    assert (key_of(*one) == key_of(*other)) == (one == other)


def test_a_key_takes_what_the_file_system_cannot_spell() -> None:
    assert key_of("\udcff") != key_of("\udcfe")


@given(TREES)
def test_what_is_packed_comes_back(tree: Tree) -> None:
    assert unpack(pack(tree)) == tree


def test_what_is_kept_is_recalled(folder: Path) -> None:
    keep(folder, KEY, Tree((Leaf(frozenset({"a"})),)))
    assert recall(folder, KEY) == Tree((Leaf(frozenset({"a"})),))


def test_nothing_is_recalled_under_another_key(folder: Path) -> None:
    keep(folder, KEY, 1)
    assert recall(folder, key_of("other files")) is None


def test_only_the_user_can_read_what_is_kept(folder: Path) -> None:
    keep(folder, KEY, 1)
    assert (folder.stat().st_mode & 0o777, (folder / KEY).stat().st_mode & 0o777) == (0o700, 0o600)


@FEW
@given(st.data())
def test_a_damaged_file_is_as_none(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        keep(Path(name), KEY, Tree((Leaf(frozenset({"a"})),)))
        file = Path(name, KEY)
        content = file.read_bytes()
        index = data.draw(st.integers(0, len(content) - 1))
        byte = bytes([data.draw(st.integers(0, 255).filter(lambda value: value != content[index]))])
        file.write_bytes(data.draw(st.sampled_from([content[:index], content[:index] + byte + content[index + 1 :]])))
        assert recall(Path(name), KEY) is None


def test_a_file_of_another_key_under_this_name_is_as_none(folder: Path) -> None:
    other = key_of("other files")
    keep(folder, other, 1)
    (folder / other).rename(folder / KEY)
    assert recall(folder, KEY) is None


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    keep(folder, KEY, 1)
    (folder / KEY).rename(tmp_path / "moved")
    (folder / KEY).symlink_to(tmp_path / "moved")
    assert recall(folder, KEY) is None


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_as_none(folder: Path, mode: int) -> None:
    keep(folder, KEY, 1)
    (folder / KEY).chmod(mode)
    assert recall(folder, KEY) is None


def test_a_folder_that_others_may_write_is_neither_read_nor_written(folder: Path) -> None:
    keep(folder, KEY, 1)
    folder.chmod(0o777)
    keep(folder, key_of("more"), 2)
    assert (recall(folder, KEY), os.listdir(folder)) == (None, [KEY])


def test_what_another_user_owns_is_as_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(folder, KEY, 1)
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert recall(folder, KEY) is None


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    keep(tmp_path / "file" / "nexiom", KEY, 1)
    assert recall(tmp_path / "file" / "nexiom", KEY) is None


def test_runs_at_once_do_not_disturb_one_another(folder: Path) -> None:
    keep(folder, KEY, "value" * 1000)

    def work(number: int) -> bool:
        keep(folder, KEY, "value" * 1000)
        return recall(folder, KEY) == "value" * 1000

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(40)))


def test_no_more_than_the_newest_are_kept(folder: Path) -> None:
    for number in range(KEPT + 3):
        keep(folder, key_of(str(number)), number)
    assert (recall(folder, key_of("0")), recall(folder, key_of(str(KEPT + 2)))) == (None, KEPT + 2)
    assert len(os.listdir(folder)) == KEPT


def test_the_cache_lies_under_the_users_own_folder() -> None:
    assert cache_folder({"HOME": "/home/ada"}) == Path("/home/ada/.cache/nexiom/projects")
    assert cache_folder({"HOME": "/home/ada", "XDG_CACHE_HOME": "/c"}) == Path("/c/nexiom/projects")
