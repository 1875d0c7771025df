"""What templates may read: variables, listed environment variables, facts of the target, names of secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nexiom_runner.errors import Fault, UsageError
from nexiom_runner.project.names import did_you_mean, shown
from nexiom_runner.project.outline import Project, Target
from nexiom_runner.project.targets import read_env_file


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What `target` is in a template: nothing of it leads to a password."""

    name: str
    embedded: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """All that a template can see. `secrets` holds every listed name; its values are never rendered."""

    var: Mapping[str, str | int] = field(default_factory=dict)
    env: Mapping[str, str | None] = field(default_factory=dict)  # every listed name; None where it is not set
    target: TargetFacts = TargetFacts("")
    secrets: Mapping[str, str | None] = field(default_factory=dict, repr=False)  # None where it is not set


def make_values(project: Project, target_name: str, overrides: Mapping[str, str], environ: Mapping[str, str]) -> Values:
    """The values for a target: `vars:` with the overrides of --var, `env:` and `secrets:` out of `environ`.

    A secret that the environment lacks is looked for in the project's env_files, the first one that has it. A target
    that is not in nexiom.yml (NEXIOM_DSN) has only its name. Raises UsageError with every override of an unknown
    variable or of an integer by something else, and ProjectError for an env file that cannot be read.
    """
    faults = [fault for name, value in overrides.items() for fault in _check_override(project, name, value)]
    if faults:
        raise UsageError(*faults)
    target = project.targets.get(target_name, Target(target_name))
    return Values(
        var={name: _overridden(value, overrides.get(name)) for name, value in project.vars.items()},
        env={name: environ.get(name) for name in project.env},
        target=TargetFacts(target.name, target.embedded, target.protected),
        secrets=_secrets(project, environ),
    )


def _check_override(project: Project, name: str, value: str) -> list[Fault]:
    if name not in project.vars:
        hint = did_you_mean(name, project.vars) or f"Declare it under vars: in {project.settings.path}."
        return [Fault(f'unknown variable "{shown(name)}" in --var', hint=hint)]
    if isinstance(project.vars[name], int) and not _is_integer(value):
        hint = f"It is {project.vars[name]} in {project.settings.path}; quote it there to make it text."
        return [Fault(f'variable "{name}" is an integer, and --var says "{shown(value)}"', hint=hint)]
    return []


def _is_integer(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) < 1000


def _overridden(value: str | int, override: str | None) -> str | int:
    if override is None:
        return value
    return int(override) if isinstance(value, int) else override


def _secrets(project: Project, environ: Mapping[str, str]) -> dict[str, str | None]:
    """Every listed secret; the files are read only where the environment lacks one."""
    found: dict[str, str | None] = {name: environ.get(name) for name in project.secrets}
    for path in project.env_files:
        if None in found.values():
            kept = read_env_file(Path(project.root), path)
            found = {name: kept.get(name) if value is None else value for name, value in found.items()}
    return found
