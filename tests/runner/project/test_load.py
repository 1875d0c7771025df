"""A project's folder becomes data, or every fault at once."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexiom_runner.errors import ProjectError, describe
from nexiom_runner.project.load import find_root, load_project


def test_phases_stand_in_the_order_people_read(load):
    names = ["10_ten", "2_two", "04b_settings", "04_four", "12_twelve"]
    project = load({f"phases/{name}/apply.sql": "select 1;" for name in names})
    assert [phase.name for phase in project.phases] == ["2_two", "04_four", "04b_settings", "10_ten", "12_twelve"]


def test_a_project_may_be_empty(load):
    project = load({})
    assert (project.phases, project.audits, project.sql_tests, project.macros) == ((), (), (), ())


def test_macros_stand_by_name(load):
    project = load({"macros/b.sql": "b", "macros/a.sql": "a", "macros/notes.md": "x"})
    assert [macro.text for macro in project.macros] == ["a", "b"]


def test_the_same_files_give_the_same_project(write):
    root = write({"phases/01_a/apply.sql": "select 1;", "phases/01_a/phase.yml": "expect: {tables: {t: present}}"})
    one, other = load_project(root), load_project(root)
    assert [getattr(one, each.name) for each in fields(one)] == [getattr(other, each.name) for each in fields(other)]


def test_the_root_is_the_nearest_folder_above_with_nexiom_yml(write):
    root = write({"phases/01_a/apply.sql": "x"})
    assert find_root(root / "phases" / "01_a") == root
    assert find_root(root) == root


def test_a_folder_that_is_in_no_project_is_refused_naming_all_looked_in(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    with pytest.raises(ProjectError) as caught:
        find_root(folder)
    looked = ", ".join(str(parent) for parent in (folder, *folder.parents))
    assert describe(caught.value.faults[0]) == (
        f'error: no nexiom.yml in "{folder}" or a folder above it\n'
        f"detail: Looked in {looked}.\n"
        "hint: Begin a project here with `nexiom init`, or name its folder with --project-dir."
    )


def test_a_folder_without_nexiom_yml_is_no_project(tmp_path):
    with pytest.raises(ProjectError) as caught:
        load_project(tmp_path)
    assert describe(caught.value.faults[0]) == (
        f'error: no nexiom.yml in "{tmp_path}"\n'
        f"detail: Looked in {tmp_path}.\n"
        "hint: Begin a project here with `nexiom init`, or name its folder with --project-dir."
    )


def test_the_other_ending_of_yaml_is_told(tmp_path):
    (tmp_path / "nexiom.yaml").write_text("name: x")
    with pytest.raises(ProjectError) as caught:
        load_project(tmp_path)
    assert describe(caught.value.faults[0]) == (
        f'error: no nexiom.yml in "{tmp_path}"\nhint: Rename nexiom.yaml to nexiom.yml.'
    )


FILES = ("nexiom.yml", "phases/01_a/phase.yml", "tests/sql/t.yml", "audits/a.sql", "phases/01_a/apply.sql")
WORDS = (
    "name: x\n",
    "expect:\n",
    "  functions:\n",
    "    f: ",
    "{calls: {c: {with: ",
    "tables: {t: ",
    "statements: {1: ",
)
CONTENTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=8).map("".join).map(str.encode) | st.binary()


@given(st.sampled_from(FILES), CONTENTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_content_of_a_file_is_read_or_refused(tmp_path, path, content):
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(b"name: x\n" if file == "nexiom.yml" else b"")
    (tmp_path / "tests/sql/t.sql").write_text("select 1")
    (tmp_path / "tests/sql/t.yml").write_text("statements: {}")
    (tmp_path / path).write_bytes(content)
    try:
        load_project(Path(tmp_path))
    except ProjectError as error:
        printed = [describe(fault) for fault in error.faults]
        if not printed:
            raise
