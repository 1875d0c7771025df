"""Write docs/reference/ from the code: `python docs/generate.py`. A test holds that nothing is stale."""

from pathlib import Path

import click

from nexiom_runner.cli.group import COMMANDS, nexiom

HERE = Path(__file__).parent / "reference"
_HEAD = "<!-- Written by docs/generate.py; edit the code instead. -->\n"


def commands_page() -> str:
    """Every command's help, as the terminal shows it."""
    parts = [_HEAD, "# Commands\n"]
    root = click.Context(nexiom, info_name="nexiom")
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


PAGES = {"commands.md": commands_page}


def main() -> None:
    """Write every page."""
    HERE.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
