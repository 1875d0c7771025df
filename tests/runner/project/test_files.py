"""Files are read as UTF-8 with LF line ends, bounded, and never by accident."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexiom_runner.errors import Fault, describe
from nexiom_runner.project import files
from nexiom_runner.project.files import list_folder, read_source, sql_files


def read(root: Path, content: bytes) -> tuple[str | None, list[str]]:
    (root / "a.sql").write_bytes(content)
    faults: list[Fault] = []
    source = read_source(root, "a.sql", faults)
    return source and source.text, [describe(fault) for fault in faults]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"select 1;\n", "select 1;\n"),
        (b"\xef\xbb\xbfselect 1;", "select 1;"),
        (b"a\r\nb\rc\n\r\n", "a\nb\rc\n\n"),
        ("é😀".encode(), "é😀"),
    ],
)
def test_a_file_is_its_text_without_mark_and_carriage_returns(tmp_path, content, text):
    assert read(tmp_path, content) == (text, [])


def test_the_sum_is_of_the_text_so_that_line_ends_make_no_difference(tmp_path):
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\r\nb")
    source = read_source(tmp_path, "a", [])
    assert source is not None
    assert source.sha256 == hashlib.sha256(b"a\nb").hexdigest()


def test_a_missing_file_is_a_fault(tmp_path):
    faults: list[Fault] = []
    assert read_source(tmp_path, "b.sql", faults) is None
    assert [describe(fault) for fault in faults] == ['error: no file "b.sql"']


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO on this system")
def test_a_fifo_is_refused_and_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "a.sql")
    faults: list[Fault] = []
    assert read_source(tmp_path, "a.sql", faults) is None
    assert [describe(fault) for fault in faults] == ['error: "a.sql" is not a file']


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "a.sql").mkdir()
    faults: list[Fault] = []
    read_source(tmp_path, "a.sql", faults)
    assert [describe(fault) for fault in faults] == ['error: "a.sql" is not a file']


def test_a_loop_of_links_is_told_in_the_words_of_the_system(tmp_path):
    (tmp_path / "a.sql").symlink_to("a.sql")
    faults: list[Fault] = []
    read_source(tmp_path, "a.sql", faults)
    assert [fault.message.split(":")[0] for fault in faults] == ['cannot read "a.sql"']


def test_a_file_beyond_the_bound_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1024 * 1024)
    assert read(tmp_path, b"x" * 1024 * 1024)[1] == []
    assert read(tmp_path, b"x" * (1024 * 1024 + 1))[1] == [
        'error: "a.sql" has more than 1 MiB\nhint: Load data with a tool for data.'
    ]


def test_hidden_entries_are_left_out_and_the_rest_is_in_order(tmp_path):
    for name in ("b.sql", "a.sql", ".c.sql", "README.md"):
        (tmp_path / name).touch()
    assert [entry.name for entry in list_folder(tmp_path, ".", [])] == ["README.md", "a.sql", "b.sql"]
    assert sql_files(tmp_path, ".", []) == ["./a.sql", "./b.sql"]


def test_a_folder_that_is_not_there_is_empty(tmp_path):
    faults: list[Fault] = []
    assert list_folder(tmp_path, "none", faults) == []
    assert faults == []


def test_names_that_differ_only_in_case_are_refused(tmp_path):
    (tmp_path / "f.sql").touch()
    if (tmp_path / "F.sql").exists():
        pytest.skip("this file system takes them for one")
    (tmp_path / "F.sql").touch()
    faults: list[Fault] = []
    assert sql_files(tmp_path, ".", faults) == ["./F.sql"]
    assert [describe(fault) for fault in faults] == [
        'error: "./F.sql" and "./f.sql" differ only in case\n'
        "hint: macOS and Windows take them for one; rename one of them."
    ]


@pytest.mark.skipif(os.uname().sysname == "Darwin", reason="names are UTF-8 there")
def test_a_name_that_is_not_utf8_is_refused_in_printable_words(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff.sql", "wb"):
        pass
    faults: list[Fault] = []
    assert sql_files(tmp_path, ".", faults) == []
    assert [describe(fault) for fault in faults] == [
        'error: the name "./\\udcff.sql" holds characters that cannot be printed'
    ]


@given(st.binary() | st.text().map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path, content):
    text, faults = read(tmp_path, content)
    assert (text is None) == bool(faults)
    if text is not None:
        assert text.encode() == content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        assert "\0" not in text


def test_a_link_that_leads_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "audits").mkdir()
    (tmp_path / "audits" / "loop.sql").symlink_to("loop.sql")
    faults: list[Fault] = []
    assert sql_files(tmp_path, "audits", faults) == []
    assert [describe(fault) for fault in faults] == [
        'error: cannot read "audits/loop.sql": too many levels of symbolic links'
    ]
