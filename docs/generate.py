"""Write docs/reference/ from the code: `python docs/generate.py`. A test holds that nothing is stale."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

import nexiom_runner
from nexiom_runner.cli.group import COMMANDS, nexiom
from nexiom_runner.lint.rule import PACKS, Rule, all_rules

HERE = Path(__file__).parent / "reference"
SCHEMAS = Path(nexiom_runner.__file__).parent / "schemas"
_HEAD = "<!-- Written by docs/generate.py; edit the code instead. -->\n"
_FILES = (
    ("nexiom", "nexiom.yml"),
    ("phase", "phases/*/phase.yml"),
    ("sql-test", "tests/sql/*.yml"),
)


def commands_page() -> str:
    """Every command's help, as the terminal shows it."""
    parts = [_HEAD, "# Commands\n"]
    root = click.Context(nexiom, info_name="nexiom", **nexiom.context_settings)
    for name, section, _ in COMMANDS:
        command = nexiom.get_command(root, name)
        assert command is not None
        parts.append(f"## nexiom {name}\n\n*{section}*\n\n{_help(command, root, name)}")
    return "\n".join(parts)


def _help(command: click.Command, parent: click.Context, name: str) -> str:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100, max_content_width=100)
    text = f"```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        text += "".join(
            f"\n### nexiom {name} {child}\n\n{_help(command.commands[child], context, child)}"
            for child in command.commands
        )
    return text


def keys_page() -> str:
    """Every key of every file, from the JSON Schemas that editors read."""
    parts = [_HEAD, "# Files and their keys\n"]
    for schema, file in _FILES:
        document = json.loads((SCHEMAS / f"{schema}.json").read_text("utf-8"))
        rows = "\n".join(f"| `{key}` | {about} |" for key, about in dict(_keys(document, "")).items())
        parts.append(f"## {file}\n\n| key | what it says |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def _keys(schema: dict[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for each in (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        for name, value in each.get("properties", {}).items():
            if name.startswith("$"):
                continue
            about = value.get("description", "")
            required = " Required." if name in each.get("required", ()) else ""
            yield f"{before}{name}", f"{about}{required}".replace("|", "\\|")
            yield from _keys(value, f"{before}{name}.")
        inner = each.get("additionalProperties")
        if isinstance(inner, dict):
            yield from _keys(inner, f"{before}NAME.")
        if isinstance(each.get("items"), dict):
            yield from _keys(each["items"], before)


def rules_page() -> str:
    """Every rule with what it finds, by pack."""
    parts = [_HEAD, "# Rules\n"]
    parts.append(
        "What `nexiom lint` looks for. `rules:` of nexiom.yml says what a rule counts as, `waivers:` what may be so\n"
        "(see [keys](../keys.md)).\n"
    )
    for pack in PACKS:
        rows = [f"| [{one.id}]({one.id}.md) | {one.level} | {one.title} |" for one in _rules(pack)]
        parts.append(f"## {pack}\n\n| rule | level | finds |\n|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def rule_page(rule: Rule) -> str:
    """The page beside the rule, with its id and pack."""
    title, _, rest = rule.page.partition("\n")
    return f"{_HEAD}{title}\n\n`{rule.id}` · {rule.pack}\n{rest}"


def _rules(pack: str) -> list[Rule]:
    return [rule for rule in all_rules().values() if rule.pack == pack]


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "keys.md": keys_page,
    "rules/README.md": rules_page,
    **{f"rules/{rule.id}.md": partial(rule_page, rule) for rule in all_rules().values()},
}


def main() -> None:
    """Write every page."""
    HERE.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
