"""Names that a shell completes: phases from the folders that are there, targets from what was read last."""

import os
from pathlib import Path

import click

from nexiom_runner.commands.remembered import cache_folder, content_key, key_of, recall


def complete_phase(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Phases whose names begin so; a `+` in front of a selector stays."""
    plus = "+" if incomplete.startswith("+") else ""
    root = _root(context)
    try:
        names = sorted(entry.name for entry in os.scandir(root / "phases") if entry.is_dir()) if root else []
    except OSError:
        return []
    return [plus + name for name in names if name.startswith(incomplete.removeprefix("+"))]


def complete_target(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Targets whose names begin so, where the project was read since it changed: no YAML is read for a key stroke."""
    root = _root(context)
    kept = recall(cache_folder(os.environ), key_of(content_key(root), "project")) if root else None
    return [] if kept is None else [name for name in kept[0].targets if name.startswith(incomplete)]


def _root(context: click.Context) -> Path | None:
    """The project's folder as a command would find it, if there is one."""
    start = Path(context.params.get("project_dir") or Path.cwd()).absolute()
    return next((folder for folder in (start, *start.parents) if (folder / "nexiom.yml").is_file()), None)
