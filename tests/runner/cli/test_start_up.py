"""Start-up: what `--version` and `--help` import, which is what they cost."""

import subprocess
import sys
from pathlib import Path

import pytest

STANDARD = set(sys.stdlib_module_names) - {"doctest", "unittest", "urllib", "http", "sqlite3", "xml"}
READERS = ("project.load", "project.yaml", "render.template", "sql.read", "graph.build", "shape.grammar", "apply.apply")
EXPECTATIONS = ("project.model", "project.calling", "shape.model")


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


def imported_by(names: str) -> set[str]:
    program = f"import sys, {names}\nprint(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_version_imports_nothing_but_its_own_number() -> None:
    assert modules_after("--version") == {"gc", "nexiom_runner", "nexiom_runner.cli"}


def test_help_imports_click_and_nothing_heavier() -> None:
    third_party = {name.split(".")[0] for name in modules_after("--help")} - set(sys.stdlib_module_names)
    assert third_party == {"nexiom_runner", "click"}


def test_help_of_the_group_imports_no_command() -> None:
    ours = {name for name in modules_after("--help") if name.startswith("nexiom_runner.")}
    assert ours == {f"nexiom_runner.{name}" for name in ("cli", "cli.border", "cli.console", "cli.group", "errors")}


def test_a_warm_plan_imports_no_parser_no_template_and_nothing_that_applies_or_checks(
    tmp_path: Path, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "phases/1_a").mkdir(parents=True)
    (tmp_path / "phases/1_a/apply.sql").write_text("create table a ();\n")
    (tmp_path / "nexiom.yml").write_text("name: a\nversion: '1'\ntargets: {t: {dsn: {env: START_UP_DSN}}}\n")
    monkeypatch.setenv("START_UP_DSN", dsn)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    arguments = ("plan", "--check", "--target", "t", "--project-dir", str(tmp_path))
    assert "yaml" in modules_after(*arguments)
    warm = modules_after(*arguments)
    ours = {name.split(".")[1] for name in warm if name.startswith("nexiom_runner.")}
    assert {name.split(".")[0] for name in warm - imported_by("click, psycopg")} <= {"nexiom_runner", *STANDARD}
    assert ours.isdisjoint({"audit", "test", "contract", "pytest_plugin"})
    assert warm.isdisjoint(f"nexiom_runner.{name}" for name in (*READERS, *EXPECTATIONS))
