"""What a rule is, and the packs: each rule a page and, beside it, the query or the function that finds."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nexiom_runner.errors import record

RULES = Path(__file__).parent / "rules"
PACKS = ("security", "performance", "hazard", "contract")
LEVELS = ("error", "warn", "off")
CATALOG, SCRIPTS, PLAN, SERVER = "catalog", "scripts", "plan", "server"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its id. `level` is "error" or "warn" (a project may say otherwise); `looks_at` what it needs.

    `looks_at` is "catalog" (a query of its own), "scripts", "plan" (scripts that would run, with the target's sizes)
    or "server" (another extension's answer).
    """

    id: str
    pack: str
    level: str
    looks_at: str
    title: str
    page: str
    query: str | None = None  # the text of the rule's .sql


@record
class Found:
    """One thing a rule found, at an object; `types` are those of a function's input as one text.

    `place` is known where a script was read; a catalog rule's is looked up by the object.
    """

    rule: str
    kind: str
    schema: str | None
    name: str
    message: str
    relation: str | None = None  # the table of a policy, an index, a trigger
    types: str | None = None
    fix: str | None = None
    unless: str | None = None  # what a phase may state of the object so that it is meant: reason, execute, grants
    script: str | None = None  # the key of the script, and where in its text
    offset: int = 0
    width: int = 1
    level: str | None = None  # where the rule leaves it to what is found: "error" or "warn"


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by its id, packs and ids in order; read from the pages once."""
    pages = (path for pack in PACKS for path in sorted((RULES / pack).glob("*.md")))
    return {rule.id: rule for rule in map(_read, pages)}


def rules_of(looks_at: str, levels: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules that look at this and are not off."""
    return tuple(rule for rule in all_rules().values() if rule.looks_at == looks_at and levels[rule.id] != "off")


def levels_of(stated: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The level of each rule: its own, or what the project says."""
    return {rule.id: rule.level for rule in all_rules().values()} | dict(stated)


def _read(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    head = re.match(r"# (?P<title>.+)\n\n(?P<level>error|warn), looks at (?:the )?(?P<what>\w+)\n", text)
    if head is None:
        raise ValueError(f"{path}: a rule's page begins with `# TITLE` and `LEVEL, looks at the catalog`")
    query = path.with_suffix(".sql")
    return Rule(
        id=path.stem.replace("_", "-"),
        pack=path.parent.name,
        level=head["level"],
        looks_at=head["what"],
        title=head["title"],
        page=text,
        query=query.read_text(encoding="utf-8") if query.exists() else None,
    )
