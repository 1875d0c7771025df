"""Who runs nexiom, from what."""

import os
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from nexiom_runner.apply.who import Runner, find_who, is_dirty, make_runner, read_head
from nexiom_runner.database.session import Session
from nexiom_runner.ledger.entry import Event, Where, Who

QUIET = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
for role in ("AUTHOR", "COMMITTER"):
    QUIET |= {f"GIT_{role}_NAME": "a", f"GIT_{role}_EMAIL": "a@b"}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, env=QUIET, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "trunk")
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-q", "-m", "x")
    return tmp_path


def test_head_is_read_from_files(repository: Path) -> None:
    assert read_head(repository) == (git(repository, "rev-parse", "HEAD"), "trunk")
    below = repository / "some" / "project"
    below.mkdir(parents=True)
    assert read_head(below) == read_head(repository)


def test_detached_head_has_no_branch(repository: Path) -> None:
    git(repository, "checkout", "-q", "--detach")
    assert read_head(repository) == (git(repository, "rev-parse", "HEAD"), None)


def test_packed_refs_and_worktrees_are_understood(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    git(repository, "worktree", "add", "-q", "-b", "side", str(repository / "tree"))
    git(repository, "pack-refs", "--all")
    assert read_head(repository) == (commit, "trunk")
    assert read_head(repository / "tree") == (commit, "side")


def test_no_repository_is_no_commit(tmp_path: Path) -> None:
    assert find_who("r", tmp_path, {"USER": "ada"}) == Who("r", "ada")


def test_repository_without_a_commit_has_a_branch(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    assert read_head(tmp_path) == (None, "trunk")


def test_dirty_is_a_tracked_file_that_differs(repository: Path) -> None:
    assert is_dirty(repository, QUIET) is False
    (repository / "new").write_text("not tracked")
    assert is_dirty(repository, QUIET) is False
    (repository / "a").write_text("2")
    assert is_dirty(repository, QUIET) is True
    assert is_dirty(repository, {"PATH": "/nowhere"}) is None


@pytest.mark.parametrize("path", ["phases/03_x/apply.sql", "tests/sql/t.sql", "macros/m.sql", "nexiom.yml"])
@pytest.mark.parametrize("below", ["", "back end/"])
def test_dirty_is_a_file_of_the_project_that_git_does_not_know(repository: Path, path: str, below: str) -> None:
    root = repository / below
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text("select 1;")
    assert is_dirty(root, QUIET) is True
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "y")
    assert is_dirty(root, QUIET) is False


@pytest.mark.parametrize("path", ["target/readiness.md", "notes.md", "tests/unit/x.py", "phases/.cache/x"])
def test_file_that_nexiom_does_not_read_or_git_ignores_is_not_dirty(repository: Path, path: str) -> None:
    (repository / ".gitignore").write_text(".cache/")
    git(repository, "add", ".gitignore")
    git(repository, "commit", "-q", "-m", "y")
    (repository / path).parent.mkdir(parents=True, exist_ok=True)
    (repository / path).write_text("x")
    assert is_dirty(repository, QUIET) is False


CI = [
    (
        {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "bo",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_RUN_ID": "7",
            "GITHUB_SHA": "abc",
            "GITHUB_REF_NAME": "main",
        },
        Who("r", "bo", "https://github.com/o/r/actions/runs/7", "abc", "main"),
    ),
    (
        {
            "GITLAB_CI": "1",
            "GITLAB_USER_LOGIN": "cy",
            "CI_JOB_URL": "u",
            "CI_COMMIT_SHA": "d",
            "CI_COMMIT_REF_NAME": "b",
        },
        Who("r", "cy", "u", "d", "b"),
    ),
    ({"JENKINS_URL": "j", "BUILD_URL": "u", "GIT_COMMIT": "e"}, Who("r", None, "u", "e", None)),
]


@pytest.mark.parametrize(("environ", "expected"), CI)
def test_ci_says_who_and_which_run(tmp_path: Path, environ: dict[str, str], expected: Who) -> None:
    assert find_who("r", tmp_path, environ) == expected


def test_variable_that_is_no_utf8_is_kept_readable(tmp_path: Path) -> None:
    assert find_who("r", tmp_path, {"USER": os.fsdecode(b"j\xf6rg")}).user == "j?rg"


def test_entry_is_stamped_in_utc() -> None:
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    runner = Runner("p", Who("r"), Where("d", 1, "2", "t"), lambda: noon)
    assert runner.entry(Event.WAIVED).at == "2026-11-22T10:00:00.000000Z"


def test_runner_knows_the_database(session: Session, tmp_path: Path) -> None:
    made = make_runner("p", tmp_path, session.server, "local", {"USER": "ada"}, datetime.now)
    assert made.where.database == session.server.database
    assert made.where.target == "local"
    assert made.where.oid == session.server.database_oid
