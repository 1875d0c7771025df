"""Who runs nexiom, from what, on which database: what every ledger entry says besides its event."""

import os
import pwd
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nexiom_runner import __version__
from nexiom_runner.database.session import Server
from nexiom_runner.ledger.entry import Entry, Event, Where, Who

# Variables by service: what marks it, then actor, address of the run, commit, branch; the first one that is set counts.
SERVICES = (
    ("GITHUB_ACTIONS", ("GITHUB_ACTOR",), (), ("GITHUB_SHA",), ("GITHUB_HEAD_REF", "GITHUB_REF_NAME")),
    ("GITLAB_CI", ("GITLAB_USER_LOGIN",), ("CI_JOB_URL",), ("CI_COMMIT_SHA",), ("CI_COMMIT_REF_NAME",)),
    ("CIRCLECI", ("CIRCLE_USERNAME",), ("CIRCLE_BUILD_URL",), ("CIRCLE_SHA1",), ("CIRCLE_BRANCH",)),
    ("BUILDKITE", ("BUILDKITE_BUILD_CREATOR",), ("BUILDKITE_BUILD_URL",), ("BUILDKITE_COMMIT",), ("BUILDKITE_BRANCH",)),
    ("TF_BUILD", ("BUILD_REQUESTEDFOR",), ("BUILD_BUILDURI",), ("BUILD_SOURCEVERSION",), ("BUILD_SOURCEBRANCHNAME",)),
    ("BITBUCKET_COMMIT", (), ("BITBUCKET_PIPELINE_UUID",), ("BITBUCKET_COMMIT",), ("BITBUCKET_BRANCH",)),
    ("JENKINS_URL", ("BUILD_USER_ID",), ("BUILD_URL",), ("GIT_COMMIT",), ("GIT_BRANCH",)),
)
GIT_TIMEOUT = 5.0  # seconds; a status of a very large tree on a slow disk is not worth waiting for
READ = ("nexiom.yml", "phases", "audits", "tests/sql", "macros", "fixtures")  # what nexiom reads of a project


@dataclass(frozen=True, slots=True)
class Runner:
    """What this run writes into each entry; `now` is the clock. A `disposable` database is copied all the time.

    `target_named` is what the commands in hints name with --target; None where they need not.
    """

    project: str
    who: Who
    where: Where
    now: Callable[[], datetime]
    disposable: bool = False
    target_named: str | None = None

    def entry(self, event: Event, **fields: Any) -> Entry:
        """An entry of now; `fields` are Entry's own."""
        at = self.now().astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        return Entry(event, self.project, at, __version__, self.who, self.where, **fields)


def make_runner(
    project: str, root: str | Path, server: Server, target: str, environ: Mapping[str, str], now: Callable[[], datetime]
) -> Runner:
    """The runner of this process. Runs git once, to see whether files differ from the commit."""
    return Runner(project, find_who(server.role, Path(root), environ), where_of(server, target), now)


def where_of(server: Server, target: str) -> Where:
    """The database a session is on."""
    return Where(server.database, server.database_oid, server.system_identifier or "", target)


def find_who(role: str, root: Path, environ: Mapping[str, str]) -> Who:
    """The CI's actor, run and commit where a CI runs this, else the system's user and the repository's commit."""
    head = read_head(root)
    commit, branch = head if head is not None else (None, None)
    dirty = is_dirty(root, environ) if commit else None
    for mark, actors, runs, commits, branches in SERVICES:
        if environ.get(mark):
            return Who(
                role,
                _first(environ, actors),
                _github_run(environ) or _first(environ, runs),
                _first(environ, commits) or commit,
                _first(environ, branches) or branch,
                dirty,
            )
    return Who(role, _os_user(environ), None, commit, branch, dirty)


def read_head(root: Path) -> tuple[str | None, str | None] | None:
    """Commit and branch of the repository that holds the folder, read from its files; None where there is none."""
    git = _git_of(root)
    if git is None:
        return None
    try:
        own = _git_folder(git)
        head = (own / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head, None
        ref = head.removeprefix("ref: ")
        return _commit_of(own, ref), ref.removeprefix("refs/heads/")
    except (OSError, UnicodeDecodeError):
        return None


def is_dirty(root: Path, environ: Mapping[str, str]) -> bool | None:
    """Whether tracked files differ from the commit, or it lacks one that nexiom reads; None where git cannot say."""
    command = ["git", "-C", str(root), "status", "--porcelain", "-z", "--untracked-files=normal"]
    quiet = {**environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run([*command, "--", "."], env=quiet, capture_output=True, timeout=GIT_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    git = _git_of(root)
    if done.returncode or git is None:
        return None
    lines = os.fsdecode(done.stdout).split("\0")[:-1]
    return any(line[:2] != "??" or _is_read(root, git.parent / line[3:]) for line in lines)


def _is_read(root: Path, untracked: Path) -> bool:
    """Whether a file, or a folder of which git knows no file, is or holds something that nexiom reads."""
    own = [root / path for path in READ]
    return any(untracked.is_relative_to(path) or (path.is_relative_to(untracked) and path.exists()) for path in own)


def _git_of(root: Path) -> Path | None:
    return next((folder / ".git" for folder in (root, *root.parents) if (folder / ".git").exists()), None)


def _git_folder(git: Path) -> Path:
    """The folder itself, or the one that the `.git` file of a worktree or submodule names."""
    if git.is_dir():
        return git
    return (git.parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()


def _commit_of(own: Path, ref: str) -> str | None:
    shared = own
    if (own / "commondir").is_file():
        shared = (own / (own / "commondir").read_text(encoding="utf-8").strip()).resolve()
    for folder in (own, shared):
        if (folder / ref).is_file():
            return (folder / ref).read_text(encoding="utf-8").strip()
    packed = shared / "packed-refs"
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {ref}")), None)


def _github_run(environ: Mapping[str, str]) -> str | None:
    server, repository, run = (environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else None


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    value = next((environ[name] for name in names if environ.get(name)), None)
    return None if value is None else _clean(value)


def _os_user(environ: Mapping[str, str]) -> str | None:
    named = environ.get("LOGNAME") or environ.get("USER")
    if named:
        return _clean(named)
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return None


def _clean(text: str) -> str:
    """What UTF-8 can hold of a variable's bytes."""
    return text.encode("utf-8", "replace").decode()
