"""What templates may read comes from nexiom.yml, --var, the environment and env_files."""

from pathlib import Path

import pytest

from nexiom_runner.errors import Place, UsageError, describe
from nexiom_runner.project.model import Project, Source, Target
from nexiom_runner.render.values import TargetFacts, Values, make_values


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(
        root=str(tmp_path),
        name="p",
        version="1",
        settings=Source("nexiom.yml", "", ""),
        schemas=("public",),
        vars={"region": "eu", "size": 3},
        env=("A_NAME", "B_NAME"),
        secrets=("ONE", "TWO", "THREE"),
        env_files=(".env", ".env.local"),
        default_target="local",
        targets={
            "local": Target("local", Place("nexiom.yml", 1), embedded=True),
            "prod": Target("prod", protected=True),
        },
        phases=(),
        audits=(),
        sql_tests=(),
        macros=(),
    )


def test_variables_are_the_projects_with_overrides(project: Project) -> None:
    values = make_values(project, "local", {"region": "us", "size": "-4"}, {})
    assert values.var == {"region": "us", "size": -4}


def test_only_listed_environment_variables_are_seen(project: Project) -> None:
    assert make_values(project, "local", {}, {"A_NAME": "a", "HOME": "/"}).env == {"A_NAME": "a", "B_NAME": None}


def test_target_is_what_may_be_known_of_it(project: Project) -> None:
    found = [make_values(project, name, {}, {}).target for name in ("local", "prod", "NEXIOM_DSN")]
    assert found == [
        TargetFacts("local", embedded=True),
        TargetFacts("prod", protected=True),
        TargetFacts("NEXIOM_DSN"),
    ]


def test_secrets_come_from_the_environment_then_from_the_first_file_that_has_them(project: Project) -> None:
    (Path(project.root) / ".env").write_text("ONE=file\nTWO=first\n")
    (Path(project.root) / ".env.local").write_text("TWO=second\nUNLISTED=x\n")
    assert make_values(project, "local", {}, {"ONE": "environment"}).secrets == {
        "ONE": "environment",
        "TWO": "first",
        "THREE": None,
    }


def test_every_wrong_override_is_told(project: Project) -> None:
    with pytest.raises(UsageError) as caught:
        make_values(project, "local", {"regoin": "us", "zzz": "1", "size": "big"}, {})
    assert [describe(fault) for fault in caught.value.faults] == [
        'error: unknown variable "regoin" in --var\nhint: Did you mean "region"?',
        'error: unknown variable "zzz" in --var\nhint: Declare it under vars: in nexiom.yml.',
        'error: variable "size" is an integer, and --var says "big"\n'
        "hint: It is 3 in nexiom.yml; quote it there to make it text.",
    ]


def test_values_can_be_made_without_a_project() -> None:
    assert Values().var == {}
