"""The server runs as somebody who is not root, and who may read what it needs."""

import os
import pwd
from pathlib import Path

import pytest

from nexiom_runner.database import account
from nexiom_runner.database.account import Account, can_read, choose_account, link_tree, make_folder
from nexiom_runner.errors import TargetError, describe

STRANGER = Account(65533, 65533, "stranger", True)


def test_an_ordinary_user_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account.os, "getuid", lambda: 1000)
    assert choose_account({"USER": "ana"}) == Account(1000, os.getgid(), "ana", False)
    assert choose_account({}).options == {}


def test_for_root_it_is_who_called_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account.os, "getuid", lambda: 0)
    daemon = pwd.getpwnam("daemon")
    chosen = choose_account({"SUDO_USER": "daemon"})
    assert chosen == Account(daemon.pw_uid, daemon.pw_gid, "daemon", True)
    assert chosen.options == {"user": daemon.pw_uid, "group": daemon.pw_gid, "extra_groups": []}


def test_sudo_by_root_itself_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account.os, "getuid", lambda: 0)
    monkeypatch.setattr(account, "STAND_INS", ("nobody",))
    assert choose_account({"SUDO_USER": "root"}).name == "nobody"


def test_a_machine_with_root_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account.os, "getuid", lambda: 0)
    monkeypatch.setattr(account, "STAND_INS", ())
    with pytest.raises(TargetError) as caught:
        choose_account({})
    assert describe(caught.value.faults[0]) == (
        "error: PostgreSQL refuses to run as root, and there is no other account to run it as\n"
        "hint: Run nexiom as another user, or create one named postgres."
    )


def test_a_closed_parent_closes_what_is_in_it(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a").chmod(0o700)
    assert not can_read(STRANGER, inner)
    assert can_read(Account(os.getuid(), os.getgid(), "me", False), inner)


def test_an_open_path_is_read() -> None:
    assert can_read(STRANGER, Path("/usr/bin"))


def test_a_link_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    with pytest.raises(PermissionError):
        make_folder(tmp_path / "link", None, 0o700)


def test_files_that_others_may_not_read_are_copied_not_linked(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir(mode=0o700)
    for name, mode in (("open", 0o755), ("closed", 0o700)):
        (source / name).write_text(name)
        (source / name).chmod(mode)
    link_tree(source, tmp_path / "target")
    assert (tmp_path / "target" / "open").samefile(source / "open")
    assert not (tmp_path / "target" / "closed").samefile(source / "closed")
    assert (tmp_path / "target" / "closed").stat().st_mode & 0o777 == 0o705
    assert (tmp_path / "target").stat().st_mode & 0o777 == 0o755
