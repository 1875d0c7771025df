"""Which database is meant, and the files that hold secrets. Pure but for reading those files; imports no YAML."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nexiom_runner.errors import Fault, Place, ProjectError, TargetError
from nexiom_runner.project.files import read_source
from nexiom_runner.project.hosted import Hosted, ways_of
from nexiom_runner.project.names import did_you_mean, shown
from nexiom_runner.project.outline import Project, Target

TARGET_VARIABLE = "NEXIOM_TARGET"
DSN_VARIABLE = "NEXIOM_DSN"

_LINE = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)", re.DOTALL)


def resolve_target(project: Project, name: str | None, environ: Mapping[str, str]) -> Target:
    """The target that is meant, its DSN, or the ways to its project on Supabase, filled in from the environment.

    `name` is what --target says; without it NEXIOM_TARGET, else `default_target`. Without `name`, NEXIOM_DSN stands
    in for the target's own connection, or is a target called "NEXIOM_DSN" where NEXIOM_TARGET names none; --target
    is never overruled. Raises TargetError: unknown, protected and not named by --target, or its variable is not set.
    """
    if name is not None:
        return _with_dsn(_known(project, name, "--target"), environ)
    chosen, dsn = environ.get(TARGET_VARIABLE), environ.get(DSN_VARIABLE)
    if dsn and not chosen:
        return Target(DSN_VARIABLE, dsn=dsn, dsn_env=DSN_VARIABLE)
    target = _known(project, chosen, TARGET_VARIABLE) if chosen else _default(project)
    if target.protected:
        hint = f"Name it: --target {target.name}."
        raise TargetError(Fault(f'target "{target.name}" is protected and not named by --target', hint=hint))
    if dsn:
        reached = replace(target, embedded=False, engine=None, stand_in=None, dsn=dsn, dsn_env=DSN_VARIABLE)
        return replace(reached, direct_dsn=None, direct_dsn_env=None, supabase=None)
    return _with_dsn(target, environ)


def read_env_file(root: Path, path: str) -> dict[str, str]:
    """NAME=value of a file such as .env, by name; empty where there is no such file.

    A line may begin with `export`; `#` begins a comment line, or a comment behind white space after an unquoted
    value; single quotes keep everything, double quotes know escapes such as a backslash and n. Raises ProjectError
    with every line that is none of these; no value is ever part of it.
    """
    if not (root / path).exists():
        return {}
    faults: list[Fault] = []
    source = read_source(root, path, faults)
    values = _values(source.text, path, faults) if source is not None else {}
    if faults:
        raise ProjectError(*(replace(fault, source=None) for fault in faults))
    return values


def _default(project: Project) -> Target:
    if project.default_target in project.targets:
        return project.targets[project.default_target]
    hint = f"Write default_target in nexiom.yml, or name one with --target: {', '.join(project.targets)}."
    raise TargetError(Fault("no target is named, and the project has no default one", hint=hint))


def _known(project: Project, name: str, where: str) -> Target:
    if name in project.targets:
        return project.targets[name]
    hint = did_you_mean(name, project.targets)
    known = f"Targets in nexiom.yml: {', '.join(project.targets)}."
    raise TargetError(Fault(f'unknown target "{shown(name)}" in {where}', detail=known, hint=hint))


def _with_dsn(target: Target, environ: Mapping[str, str]) -> Target:
    if target.embedded:
        return target
    if target.supabase is not None:
        return replace(target, ways=ways_of(target.supabase, _password(target, target.supabase, environ), environ))
    dsn = _read_variable(target, "DSN", target.dsn_env, environ) or target.dsn
    direct = _read_variable(target, "direct DSN", target.direct_dsn_env, environ) or target.direct_dsn
    return replace(target, dsn=dsn, direct_dsn=direct)


def _password(target: Target, hosted: Hosted, environ: Mapping[str, str]) -> str | None:
    variable = hosted.password_env
    if variable is None or environ.get(variable):
        return environ[variable] if variable else None
    state = "is empty" if variable in environ else "is not set"
    message = f'target "{target.name}" takes its password from the variable "{variable}", which {state}'
    hint = f"Set {variable} to the project's database password."
    raise TargetError(Fault(message, target.place, hint=hint))


def _read_variable(target: Target, what: str, variable: str | None, environ: Mapping[str, str]) -> str | None:
    if variable is None:
        return None
    value = environ.get(variable)
    if not value:
        state = "is empty" if value == "" else "is not set"
        message = f'target "{target.name}" takes its {what} from the variable "{variable}", which {state}'
        hint = f"Set it: export {variable}='postgresql://user@host:5432/database'."
        raise TargetError(Fault(message, target.place, hint=hint))
    return value


def _values(text: str, path: str, faults: list[Fault]) -> dict[str, str]:
    values = {}
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        found = _LINE.fullmatch(stripped)
        value = _value(found[2]) if found else None
        if found is None or value is None:
            what = "NAME=value" if found is None else "a quote that closes, and nothing behind it"
            faults.append(_line_fault(path, number, what))
        else:
            values[found[1]] = value
    return values


def _line_fault(path: str, number: int, what: str) -> Fault:
    return Fault(f'line {number} of "{path}" expects {what}', Place(path, number))


def _value(text: str) -> str | None:
    """The value behind `=`, None where its quote is not closed."""
    quote = text[:1]
    if quote not in ("'", '"'):
        return re.split(r"[ \t]+#", text, maxsplit=1)[0].rstrip()
    pattern = r"'([^']*)'" if quote == "'" else r'"((?:[^"\\]|\\.)*)"'
    found = re.fullmatch(pattern + r"[ \t]*(?:#.*)?", text)
    if found is None:
        return None
    return found[1] if quote == "'" else re.sub(r"\\(.)", _unescaped, found[1])


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}.get(found[1], found[0])
