"""The border: every ending is an exit code and a text for a person."""

import re
import subprocess
import sys

import click
import pytest

from nexiom_runner.cli.border import run
from nexiom_runner.cli.group import COMMANDS, nexiom
from nexiom_runner.errors import Fault, RunError, UnavailableError


def ending(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """What the border makes of an error that a command lets through."""

    def fails(**_: object) -> None:
        raise error

    monkeypatch.setattr(nexiom, "main", fails)
    return run([])


def test_failed_run_is_1_with_every_fault(monkeypatch, capsys) -> None:
    assert ending(monkeypatch, RunError(Fault("one"), Fault("two", hint="Do that."))) == 1
    assert capsys.readouterr() == ("", "error: one\nerror: two\nhint: Do that.\n2 errors\n")


def test_unavailable_server_is_4(monkeypatch) -> None:
    assert ending(monkeypatch, UnavailableError("gone")) == 4


def test_interruption_is_130_and_says_what_stays(monkeypatch, capsys) -> None:
    assert ending(monkeypatch, KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == ("interrupted\nstate: What is applied stays applied. Running again is safe.\n")


def test_refusal_of_click_is_2_and_names_the_help(monkeypatch, capsys) -> None:
    assert ending(monkeypatch, click.UsageError("Nothing given.")) == 2
    assert capsys.readouterr().err == "error: nothing given\nhint: `nexiom --help` shows what it takes\n"


def test_second_file_behind_one_out_is_told_to_repeat_it(capsys) -> None:
    assert run(["report", "--out", "junit=a.xml", "markdown=b.md"]) == 2
    assert capsys.readouterr().err == (
        "error: got unexpected extra argument (markdown=b.md)\nhint: repeat --out: --out markdown=b.md\n"
    )


def test_fault_of_nexiom_is_3_with_its_trace(monkeypatch, capsys) -> None:
    assert ending(monkeypatch, KeyError("phase")) == 3
    told = capsys.readouterr().err
    assert told.startswith("error: a fault in nexiom 0.1.0: KeyError: 'phase'\ndetail: Traceback (most recent call")
    assert told.endswith("hint: please report it with the lines above; running again is safe\n")


@pytest.mark.parametrize("command", [name for name, _, _ in COMMANDS])
def test_help_of_each_command_shows_two_examples(capsys, command: str) -> None:
    assert run([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert len(re.findall(rf"^  nexiom {command}\b", told, re.MULTILINE)) >= 1
    assert len(re.findall(r"^  nexiom ", told, re.MULTILINE)) >= 2


def test_help_names_every_command(capsys) -> None:
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    assert [name for name, _, _ in COMMANDS if not re.search(rf"^  {name} ", told, re.MULTILINE)] == []


@pytest.mark.parametrize("words", [[], ["db"], ["new"]])
def test_no_command_shows_the_help(capsys, words: list[str]) -> None:
    assert run(words) in (0, 2)  # before click 8.2 it is 0
    told = "".join(capsys.readouterr())
    assert told.startswith(f"Usage: {' '.join(['nexiom', *words])} [OPTIONS] COMMAND [ARGS]...\n")


def test_module_is_run_as_the_script() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nexiom_runner", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "nexiom 0.1.0\n"


def test_reader_that_leaves_is_no_error() -> None:
    program = [sys.executable, "-m", "nexiom_runner", "--help"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert (started.stderr.read(), started.wait(20)) == (b"", 0)
