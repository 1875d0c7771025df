"""Start-up: what `--version` and `--help` import, which is what they cost."""

import subprocess
import sys


def modules_after(*arguments: str) -> set[str]:
    program = (
        "import sys\nbefore = set(sys.modules)\n"
        f"sys.argv = ['nexiom', *{arguments!r}]\n"
        "from nexiom_runner.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sorted(set(sys.modules) - before), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_version_imports_nothing_but_its_own_number() -> None:
    assert modules_after("--version") == {"nexiom_runner", "nexiom_runner.cli"}


def test_help_imports_click_and_nothing_heavier() -> None:
    third_party = {name.split(".")[0] for name in modules_after("--help")} - set(sys.stdlib_module_names)
    assert third_party == {"nexiom_runner", "click"}


def test_help_of_the_group_imports_no_command() -> None:
    ours = {name for name in modules_after("--help") if name.startswith("nexiom_runner.")}
    assert ours == {f"nexiom_runner.{name}" for name in ("cli", "cli.border", "cli.console", "cli.group", "errors")}
