"""`rules:` and `waivers:` of nexiom.yml, read strictly."""

import re
from pathlib import Path

import pytest

from nexiom_runner.errors import ProjectError, describe
from nexiom_runner.project.load import load_project
from nexiom_runner.project.model import Project

GOOD = "waivers:\n  - {rule: r, object: table t, reason: a log, owner: ops, until: 2027-06-30}\n"


def loaded(folder: Path, settings: str) -> Project:
    (folder / "nexiom.yml").write_text("name: x\n" + settings)
    return load_project(folder)


def faults(folder: Path, settings: str) -> list[str]:
    with pytest.raises(ProjectError) as caught:
        loaded(folder, settings)
    return [describe(fault) for fault in caught.value.faults]


def test_levels_and_waivers_are_read_as_written(tmp_path: Path) -> None:
    project = loaded(tmp_path, "rules: {unused-index: off, no-primary-key: error}\n" + GOOD)
    assert [(one.rule.value, one.level) for one in project.rules] == [
        ("unused-index", "off"),
        ("no-primary-key", "error"),
    ]
    (waiver,) = project.waivers
    assert (waiver.rule.value, waiver.object.value, waiver.reason, waiver.owner, waiver.until) == (
        "r",
        "table t",
        "a log",
        "ops",
        "2027-06-30",
    )


def test_without_them_there_are_none(tmp_path: Path) -> None:
    project = loaded(tmp_path, "")
    assert (project.rules, project.waivers) == ((), ())


def test_an_unknown_level_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, "rules: {a: warning}\n") == [
        'error: key "rules.a" expects error, warn or off, found "warning"\n'
        "  nexiom.yml:2:12\n    2 | rules: {a: warning}\n      |            ^^^^^^^\n"
        'hint: Did you mean "warn"?'
    ]


@pytest.mark.parametrize("day", ["30.06.2027", "2027-6-30", "2027-02-30", "20270630", "never"])
def test_a_last_day_is_a_day(tmp_path: Path, day: str) -> None:
    (fault,) = faults(tmp_path, GOOD.replace("2027-06-30", day))
    assert fault.startswith(f'error: key "waivers.until" expects a day as YYYY-MM-DD, found "{day}"\n')


@pytest.mark.parametrize("key", ["rule", "object", "reason", "owner", "until"])
def test_a_waiver_says_all_of_it(tmp_path: Path, key: str) -> None:
    (fault,) = faults(tmp_path, re.sub(rf"{key}: [\w -]+(, )?", "", GOOD))
    assert fault.startswith(f'error: key "{key}" is missing in "waivers"\n  nexiom.yml:3:5\n')
