"""Where words go: colour repeats what they say, and only on a terminal that wants it."""

import pytest

from nexiom_runner.cli.console import PlainConsole, TerminalConsole, coloured, make_console


@pytest.mark.parametrize(
    ("environ", "terminal"),
    [({}, False), ({"NO_COLOR": "1"}, True), ({"TERM": "dumb"}, True)],
)
def test_no_colour_where_nobody_wants_it(environ: dict[str, str], terminal: bool) -> None:
    assert type(make_console(environ, terminal=terminal)) is PlainConsole


def test_a_terminal_has_colour() -> None:
    assert type(make_console({"TERM": "xterm"}, terminal=True)) is TerminalConsole


def test_the_word_that_matters_is_coloured_and_the_words_stay() -> None:
    line = coloured("NOT READY   12 phases")
    assert line.startswith("\x1b[31m\x1b[1mNOT READY\x1b[0m   12 phases")


def test_nothing_failed_is_not_red() -> None:
    assert "\x1b[31m" not in coloured("READY   1 phase, 2 checks: 2 passed, 0 failed, 0 waiting, 0 not looked at")


def test_names_that_hold_such_a_word_stay_plain() -> None:
    assert coloured("08_failed_jobs  applied") == "08_failed_jobs  applied"


def test_the_status_line_is_gone_before_the_next_word(capsys: pytest.CaptureFixture[str]) -> None:
    console = TerminalConsole()
    console.working("applying 01_core")
    console.out("done")
    console.close()
    assert capsys.readouterr().out == "done\n"
