"""Who runs the embedded server: ourselves, or, since PostgreSQL refuses root, another account of the machine."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexiom_runner.errors import Fault, TargetError

STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the machine; `switch` when a process must be started as it."""

    uid: int
    gid: int
    name: str
    switch: bool

    @property
    def options(self) -> dict[str, Any]:
        """What `subprocess` needs to start a process as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}


def choose_account(environ: Mapping[str, str]) -> Account:
    """The caller, or for root: who called sudo, else `postgres`, else `nobody`. Raises TargetError for none."""
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid(), environ.get("USER", str(os.getuid())), False)
    for name in (environ.get("SUDO_USER", ""), *STAND_INS):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, name, True)
    hint = "Run nexiom as another user, or create one named postgres."
    raise TargetError(Fault("PostgreSQL refuses to run as root, and there is no other account to run it as", hint=hint))


def can_read(account: Account, folder: Path) -> bool:
    """Whether the account may enter the folder and run what is in it; judged by the modes of all its parents."""
    if not account.switch:
        return True
    return all(_may_enter(account, step) for step in (folder, *folder.parents))


def make_folder(folder: Path, account: Account | None, mode: int) -> None:
    """Make a folder with this mode, owned by the account. Raises OSError, and PermissionError for another's folder."""
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    found = os.lstat(folder)
    if stat.S_ISLNK(found.st_mode) or found.st_uid not in {os.getuid(), account.uid if account else os.getuid()}:
        raise PermissionError(13, "belongs to another user", str(folder))
    if account is not None and account.switch and found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    if stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)


def copy_tree(source: Path, target: Path, account: Account | None = None) -> None:
    """Copy a tree with `cp`, as the account; four times as fast as shutil. Raises OSError with what cp said."""
    options = account.options if account else {}
    command = ["cp", "-R", "-p", "--", str(source), str(target)]
    said = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **options)
    if said.returncode != 0:
        raise OSError(said.stderr.strip().splitlines()[-1] if said.stderr.strip() else "cp failed")


def link_tree(source: Path, target: Path) -> None:
    """Hard-link a tree for others to read; files that cannot be linked (another file system) or read are copied."""
    shutil.copytree(source, target, copy_function=_link_or_copy, symlinks=True, ignore=_LEFT_OUT)
    for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


_LEFT_OUT = shutil.ignore_patterns("include", "*.a", "__pycache__", "pkgconfig")


def _link_or_copy(source: str, target: str) -> None:
    mode = os.stat(source).st_mode
    if mode & stat.S_IROTH:
        try:
            os.link(source, target)
            return
        except OSError:
            pass
    shutil.copy2(source, target)
    os.chmod(target, mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _may_enter(account: Account, folder: Path) -> bool:
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
