"""The files that `init` and `new` write, as path → text; whoever writes them overwrites nothing."""

import re
from pathlib import Path

from nexiom_runner.errors import Fault, UsageError
from nexiom_runner.project.model import Phase, Project
from nexiom_runner.project.names import without_accents

SCHEMAS = ".nexiom/schemas"

_PACKAGE = Path(__file__).parents[1]
_TEMPLATES = _PACKAGE / "templates"
_NO_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_NUMBERED = re.compile(r"[0-9]+[A-Za-z]?_")
_PHASE = re.compile(r"([0-9]+)([a-z]?)_(.+)")


def init_files(name: str) -> dict[str, str]:
    """A project that builds: a phase with a function, its expectations and calls, an audit, an SQL test.

    `name` is made legal (letters, digits, underscores). Editors find the JSON Schemas in .nexiom/schemas, which is
    part of the project and belongs into version control.
    """
    return {**_init_templates(slug(name)), **schema_files()}


def schema_files() -> dict[str, str]:
    """The JSON Schemas for editors, where the files of a project name them."""
    found = sorted((_PACKAGE / "schemas").glob("*.json"))
    return {f"{SCHEMAS}/{file.name}": file.read_text(encoding="utf-8") for file in found}


def new_phase_files(project: Project, title: str) -> dict[str, str]:
    """A phase that builds, with a function, its expectations and calls.

    It has the next number unless `title` is a phase's name already (04b_settings).
    Raises UsageError: the number or the name behind it is taken, or nothing of the title can be part of a name.
    """
    given = _PHASE.fullmatch(slug(title)) if _NUMBERED.match(title) else None
    name = given[0] if given else f"{_next_number(project.phases)}_{slug(title)}"
    _refuse_taken(name, project.phases)
    function = _function_name(name)
    words = {"TITLE": _yaml_text(title if given is None else given[3].replace("_", " ")), "FUNCTION": function}
    folder = f"phases/{name}"
    return {
        f"{folder}/phase.yml": _fill("new/phase.yml", words),
        f"{folder}/repeatable/{function}.sql": _fill("new/function.sql", words),
    }


def new_audit_files(project: Project, title: str) -> dict[str, str]:
    """An audit that examines the tables of the project's first schema. Raises UsageError where no name can be made."""
    schema = project.schemas[0].replace("'", "''")
    return {f"audits/{slug(title)}.sql": _fill("new/audit.sql", {"SCHEMA": schema})}


def new_test_files(project: Project, title: str) -> dict[str, str]:
    """An SQL test of the newest phase and what it must return. Raises UsageError where no name can be made."""
    stem = slug(title)
    stem = stem if stem.startswith("test") else f"test_{stem}"
    phase = f"-- phase: {project.phases[-1].name}\n" if project.phases else ""
    words = {"PHASE": phase, "STEM": stem}
    return {f"tests/sql/{stem}.{ending}": _fill(f"new/test.{ending}", words) for ending in ("sql", "yml")}


def slug(title: str) -> str:
    """A title as a file's name: lower case, accents taken off, words joined by underscores. Raises UsageError."""
    name = re.sub(r"[^a-z0-9]+", "_", without_accents(title).lower()).strip("_")
    if not name:
        hint = "Give it some letters from a to z, or digits."
        raise UsageError(Fault(f'no file can be named after "{title}"', hint=hint))
    return name[:80].rstrip("_")


def _init_templates(name: str) -> dict[str, str]:
    root = _TEMPLATES / "init"
    files = sorted(file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())
    return {path.replace("dot-", "."): _fill(f"init/{path}", {"NAME": name}) for path in files}


def _fill(template: str, words: dict[str, str]) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace(f"__{word}__", value)
    return text


def _next_number(phases: tuple[Phase, ...]) -> str:
    """One more than the last, as wide as the numbers that are there."""
    number = phases[-1].number[0] + 1 if phases else 0
    wide = max((len(digits[0]) for phase in phases if (digits := re.match("[0-9]+", phase.name))), default=2)
    return str(number).zfill(wide)


def _refuse_taken(name: str, phases: tuple[Phase, ...]) -> None:
    found = _PHASE.fullmatch(name)
    number = (int(found[1]), found[2]) if found else None
    for phase in phases:
        if phase.number == number:
            free = _next_number(phases)
            message = f'phase "{name}" would have the number of "{phase.name}"'
            raise UsageError(Fault(message, hint=f"{free} is free; without a number the next one is taken."))
        if found and phase.name.partition("_")[2] == found[3]:
            hint = f"Edit {phase.path}, or name the new one otherwise: its function is called after it."
            raise UsageError(Fault(f'phase "{name}" would have the name of "{phase.name}"', hint=hint))


def _function_name(phase: str) -> str:
    """The phase's name without its number, as a function may be called."""
    name = phase.split("_", 1)[1]
    return name[:60] if name[0].isalpha() else f"f_{name[:58]}"


def _yaml_text(text: str) -> str:
    """Text as a YAML value that every loader takes for text, on one line."""
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    if re.fullmatch(r"[^\W\d](?:[\w ]*\w)?", line) and line.lower() not in _NO_TEXT:
        return line
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'
