"""The files of `init` and `new` make a project that loads."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import UsageError, describe
from nexiom_runner.project.scaffold import (
    init_files,
    new_audit_files,
    new_phase_files,
    new_test_files,
    schema_files,
    slug,
)
from nexiom_runner.shape.json import loads
from nexiom_runner.shape.walker import match


@pytest.fixture
def started(load):
    """The project that init makes, with more files."""
    return lambda **more: load({**init_files("Mon projet"), **more.get("files", {})})


def test_init_makes_a_project_with_one_of_everything(started):
    project = started()
    assert (project.name, project.default_target) == ("mon_projet", "local")
    assert [phase.name for phase in project.phases] == ["00_notes"]
    function = project.phases[0].functions[0]
    assert function.result is not None
    assert len(function.calls) == 3
    assert [audit.source.path for audit in project.audits] == ["audits/row_security.sql"]
    assert [len(test.statements) for test in project.sql_tests] == [2]


def test_init_keeps_line_ends_and_secrets_out_of_version_control():
    files = init_files("x")
    assert "*.sql text eol=lf" in files[".gitattributes"]
    assert files[".gitignore"].split() == ["/target/", ".env"]


def test_each_yaml_file_names_a_schema_that_is_there(started):
    files = {**init_files("x"), **new_phase_files(started(), "a"), **new_test_files(started(), "a")}
    for path, text in files.items():
        if path.endswith(".yml"):
            named = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", text.split("\n")[0])
            assert named is not None, path
            folder = Path("/project") / path
            schema = (folder.parent / named[1]).resolve().relative_to("/project")
            assert schema.as_posix() in schema_files()


def test_no_file_has_a_word_left_to_fill_in(started):
    project = started()
    made = (init_files("x"), new_phase_files(project, "a"), new_audit_files(project, "a"), new_test_files(project, "a"))
    assert not [path for files in made for path, text in files.items() if re.search("__[A-Z]+__", text)]


def test_a_new_phase_has_the_next_number_and_loads(started):
    files = new_phase_files(started(), "Activité récente: été")
    assert sorted(files) == [
        "phases/01_activite_recente_ete/phase.yml",
        "phases/01_activite_recente_ete/repeatable/activite_recente_ete.sql",
    ]
    phase = started(files=files).phases[1]
    assert (phase.title, phase.functions[0].name) == ("Activité récente: été", "activite_recente_ete")


@pytest.mark.parametrize("title", ["null", "on", "- a", "a # b", 'a "b" \\ c', "3 days", "a: b", "x\n  y\x07"])
def test_any_title_stays_the_text_that_was_given(started, title):
    phase = started(files=new_phase_files(started(), title)).phases[-1]
    assert phase.title == " ".join(title.replace("\x07", "").split())


def test_numbers_stay_as_wide_as_they_are(load):
    project = load({"phases/0099_a/apply.sql": "x"})
    assert next(iter(new_phase_files(project, "b"))).startswith("phases/0100_b/")


def test_the_first_phase_of_an_empty_project_is_00(load):
    assert next(iter(new_phase_files(load({}), "b"))).startswith("phases/00_b/")


def test_a_number_that_is_given_is_taken(load):
    project = load({"phases/04_a/apply.sql": "x"})
    assert next(iter(new_phase_files(project, "04b_settings"))) == "phases/04b_settings/phase.yml"


def test_a_number_that_is_in_use_is_refused(load):
    with pytest.raises(UsageError) as caught:
        new_phase_files(load({"phases/04_a/apply.sql": "x"}), "4_settings")
    assert describe(caught.value.faults[0]) == (
        'error: phase "4_settings" would have the number of "04_a"\n'
        "hint: 05 is free; without a number the next one is taken."
    )


def test_a_title_without_a_letter_is_refused():
    with pytest.raises(UsageError) as caught:
        slug("日本")
    assert describe(caught.value.faults[0]) == (
        'error: no file can be named after "日本"\nhint: Give it some letters from a to z, or digits.'
    )


def test_a_new_audit_examines_the_first_schema(load):
    files = new_audit_files(load({"nexiom.yml": "name: x\nschemas: [crm, public]\n"}), "Primary keys")
    assert "where n.nspname = 'crm'" in files["audits/primary_keys.sql"]


def test_a_new_test_runs_after_the_newest_phase(started):
    files = new_test_files(started(), "Reminders")
    assert sorted(files) == ["tests/sql/test_reminders.sql", "tests/sql/test_reminders.yml"]
    assert files["tests/sql/test_reminders.sql"].startswith("-- phase: 00_notes\n")
    assert started(files=files).sql_tests[1].statements[0].key == "first"


@given(st.text())
def test_a_slug_is_a_legal_name_or_refused(title):
    try:
        name = slug(title)
    except UsageError:
        return
    assert re.fullmatch(r"[a-z0-9][a-z0-9_]{0,79}", name)
    assert slug(name) == name


def test_the_sql_of_init_and_new_runs_and_returns_what_it_is_expected_to(started, session):
    project = started(files=new_phase_files(started(), "Recent activity"))
    for phase in project.phases:
        for source in (phase.apply, *phase.repeatables):
            if source is not None:
                session.send(source.text)
    for phase, call in zip(project.phases, ("recent_notes(5)", "recent_activity(null)"), strict=True):
        ((value,),) = session.send(f"select public.{call}")[-1].rows
        assert match(phase.functions[0].result, loads(value)).mismatches == ()
