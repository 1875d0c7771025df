"""The architecture: stages import what stands below them alone, and each library has one home."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "nexiom_runner"

# From the top; names on one line stand beside each other and may not import one another.
LAYERS = (
    ("cli", "pytest_plugin"),
    ("commands",),
    ("report",),
    ("rehearse",),
    ("apply", "audit", "test", "contract", "lint", "mutate"),
    ("database",),
    ("plan",),
    ("graph",),
    ("sql",),
    ("render",),
    ("project",),
    ("ledger", "catalog", "shape"),
    ("results", "tree"),
    ("errors",),
)
HEIGHT = {stage: -number for number, line in enumerate(LAYERS) for stage in line}

HOMES = {
    "click": {"cli", "commands"},
    "yaml": {"project"},
    "jinja2": {"render"},
    "sqlglot": {"sql"},
    "pgparse": {"sql"},
    "psycopg": {"database"},
    "rich": {"cli"},
    "pytest": {"pytest_plugin"},
}
FILES = sorted(PACKAGE.rglob("*.py"))
# `cli/__init__` answers --version without click; everything else imports at the top.
LATE = {"cli"}


def stage_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
            if node.module == "nexiom_runner":
                yield from (f"nexiom_runner.{alias.name}" for alias in node.names)


def stages_imported(path: Path) -> set[str]:
    names = imports(ast.parse(path.read_text("utf-8")))
    own = (name.split(".")[1] for name in names if name.startswith("nexiom_runner."))
    return {name for name in own if name in HEIGHT}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_stage_imports_only_what_stands_below_it(path: Path) -> None:
    stage = stage_of(path)
    if stage in ("__init__", "__main__"):
        return
    assert stage in HEIGHT, f"{stage} has no layer"
    wrong = {other for other in stages_imported(path) if other != stage and HEIGHT[other] >= HEIGHT[stage]}
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_library_has_one_home(path: Path) -> None:
    libraries = {name.split(".")[0] for name in imports(ast.parse(path.read_text("utf-8")))}
    strangers = {name for name in libraries & HOMES.keys() if stage_of(path) not in HOMES[name]}
    assert not strangers


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_opens_with_a_line_on_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_stand_at_the_top(path: Path) -> None:
    functions = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef))
    late = [node.name for node in functions if any(imports(node))]
    assert not late or stage_of(path) in LATE


def test_every_library_of_ours_is_known_by_its_home() -> None:
    used = {name.split(".")[0] for path in FILES for name in imports(ast.parse(path.read_text("utf-8")))}
    third_party = used - set(sys.stdlib_module_names) - {"nexiom_runner"}
    assert third_party <= HOMES.keys()


def test_only_sql_files_hold_sql() -> None:
    files = [path for path in PACKAGE.rglob("*.sql") if "templates" not in path.parts]
    for path in files:
        assert path.read_text("utf-8").startswith("-- "), f"{path}: the first line says what comes back"
