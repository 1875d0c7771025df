"""`nexiom completion`: scripts that their shells can read, and that complete."""

import os
import shutil
import subprocess
import sys

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_is_one_that_its_shell_can_read(shop, tmp_path, shell: str) -> None:
    ran = shop.run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert "_NEXIOM_COMPLETE" in ran.out
    if shutil.which(shell):
        (tmp_path / "script").write_text(ran.out, "utf-8")
        subprocess.run([shell, "-n", str(tmp_path / "script")], check=True)


def test_unknown_shell_is_refused(shop) -> None:
    ran = shop.run("completion", "tcsh")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: invalid value for '{bash|zsh|fish}': 'tcsh' is not one of 'bash', 'zsh', 'fish'\n"
        "hint: `nexiom completion --help` shows what it takes\n"
    )


def completed(line: str) -> list[str]:
    """What bash is offered for the last word of a line."""
    asked = {"_NEXIOM_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    program = "from nexiom_runner.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return [word.removeprefix("plain,") for word in done.stdout.split()]


def test_commands_complete() -> None:
    assert completed("nexiom re") == ["rehearse", "resolve", "retire", "report", "render"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("nexiom build --to 1", ["1_orders"]),
        ("nexiom audit -s +2", ["+2_totals"]),
        ("nexiom plan --to x", []),
        ("nexiom plan --project-dir /nowhere --to 1", []),
    ],
)
def test_phases_complete(shop, line: str, offered: list[str]) -> None:
    assert completed(line) == offered


def test_targets_complete_once_the_project_was_read(shop) -> None:
    assert completed("nexiom plan -t p") == []
    shop.run("ls")
    assert completed("nexiom plan -t p") == ["production"]
    assert completed("nexiom plan -t s") == ["staging"]
