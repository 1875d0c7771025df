"""nexiom.yml: its keys, and what they say of the whole project."""

import re
from typing import Any

from nexiom_runner.errors import Fault
from nexiom_runner.project.callers import USERS
from nexiom_runner.project.embedded import EMBEDDED_FORM, Embedded
from nexiom_runner.project.keys import (
    FLAG,
    IDENTIFIER,
    TEXT,
    VARIABLE,
    Faults,
    Form,
    Key,
    Table,
    expected,
    list_of,
    mapping_of,
    matching,
    read_table,
    read_text,
    table_schema,
)
from nexiom_runner.project.limits import LIMIT_KEYS, limits_of
from nexiom_runner.project.model import Target, Text
from nexiom_runner.project.names import unknown, width
from nexiom_runner.project.outline import NO_THRESHOLDS, Thresholds
from nexiom_runner.project.shapes import SHAPE_SCHEMA, read_shape
from nexiom_runner.project.supabase import SUPABASE, read_supabase
from nexiom_runner.project.waivers import RULE_KEYS
from nexiom_runner.shape.model import Shape
from nexiom_runner.shape.terms import SHAPE_NAME
from nexiom_runner.tree import Mapping, Node, Scalar

FILE = "nexiom.yml"
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,999})")

_LATER = "Take it out; a later version will read it."


def read_settings(node: Node, faults: Faults) -> dict[str, Any]:
    """The values of nexiom.yml by key, as `Project` holds them; defaults where a key is absent or wrong."""
    values = read_table(node, NEXIOM_YML, "", faults)
    targets = {target.name: target for target in values["targets"] or (Target("local", embedded=True),)}
    default = values["default_target"]
    _check_default(default, targets, faults)
    return {
        "name": values["name"].value if values["name"] else "",
        "version": values["version"].value if values["version"] else "1",
        "schemas": _texts(values["schemas"]) or ("public",),
        "vars": dict(values["vars"]),
        "env": _texts(values["env"]),
        "secrets": _texts(values["secrets"]),
        "env_files": _texts(values["env_files"]),
        "default_target": default.value if default else _first_target(targets),
        "targets": targets,
        "users": values["users"],
        "shapes": dict(values["shapes"]),
        "coverage": values["coverage"],
        "rules": values["rules"],
        "waivers": values["waivers"],
    }


def _texts(texts: tuple[Text, ...]) -> tuple[str, ...]:
    return tuple(text.value for text in texts)


def _first_target(targets: dict[str, Target]) -> str:
    """Without `default_target`: `local`, else the first that is not protected, else none."""
    open_targets = [name for name, target in targets.items() if not target.protected]
    return "local" if "local" in open_targets else next(iter(open_targets), "")


def _check_default(default: Text | None, targets: dict[str, Target], faults: Faults) -> None:
    if default is None:
        return
    named = Scalar(default.value, default.place)
    if default.value not in targets:
        faults.append(unknown("target", named, targets, 'in "default_target"'))
    elif targets[default.value].protected:
        message = f'"default_target" names "{default.value}", which is protected'
        hint = "A protected target is used only where --target names it; make another one the default."
        faults.append(Fault(message, default.place, width=width(named), hint=hint))


def _read_schema_name(node: Node, where: str, faults: Faults) -> Text | None:
    text = read_text(node, where, faults)
    if text is not None and (text.value in ("nexiom", "information_schema") or text.value.startswith("pg_")):
        message = f'schema "{text.value}" cannot be the project\'s own'
        hint = "List the schemas whose objects the phases create."
        faults.append(Fault(message, text.place, width=len(text.value), hint=hint))
        return None
    return text


def _read_var(key: Scalar, value: Node, where: str, faults: Faults) -> tuple[str, str | int] | None:
    if not re.fullmatch(IDENTIFIER, key.text):
        message = f'variable "{key.text}" expects letters, digits and underscores as its name'
        faults.append(Fault(message, key.place, width=width(key)))
    text = read_text(value, where, faults)
    if text is None or not isinstance(value, Scalar):
        return None
    whole = value.plain and INTEGER.fullmatch(value.text)
    return key.text, int(value.text) if whole else value.text


def _read_shape(key: Scalar, value: Node, where: str, faults: Faults) -> tuple[str, Shape] | None:
    if not SHAPE_NAME.fullmatch(key.text):
        message = f'shape "{key.text}" expects letters, digits and underscores as its name'
        faults.append(Fault(message, key.place, width=width(key)))
    shape = read_shape(value, where, faults)
    return None if shape is None else (key.text, shape)


def _read_target(key: Scalar, value: Node, where: str, faults: Faults) -> Target | None:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", key.text):
        message = f'target "{key.text}" expects letters, digits, "_", "-" and "." as its name'
        faults.append(Fault(message, key.place, width=width(key)))
    before = len(faults)
    values = read_table(value, TARGET, where, faults)
    target = Target(
        key.text,
        key.place,
        engine=values["embedded"].engine,
        embedded=values["embedded"].there,
        stand_in=values["embedded"].stand_in,
        dsn=values["dsn"][0],
        dsn_env=values["dsn"][1],
        protected=values["protected"] is not None and values["protected"].value,
        direct_dsn=values["direct_dsn"][0],
        direct_dsn_env=values["direct_dsn"][1],
        limits=limits_of(values),
        supabase=values["supabase"],
    )
    if isinstance(value, Mapping) and len(faults) == before:
        _check_target(target, value, key, faults)
    return target


def _check_target(target: Target, value: Mapping, key: Scalar, faults: Faults) -> None:
    is_set = {"embedded": target.embedded, **{name: value.get(name) is not None for name in ("dsn", "supabase")}}
    kinds = [name for name, present in is_set.items() if present]
    message = None
    if len(kinds) > 1:
        message = f'target "{key.text}" has both "{kinds[0]}" and "{kinds[1]}"'
        hint = "Keep one of them."
    elif value.get("embedded") is None and not kinds:
        message = f'target "{key.text}" says neither "embedded" nor "dsn" nor "supabase"'
        hint = "Write embedded: true, dsn: {env: NAME_OF_THE_VARIABLE}, or supabase: {ref: THE_PROJECT}."
    elif target.supabase is not None and value.get("direct_dsn") is not None:
        message = f'target "{key.text}" is on Supabase, and has a "direct_dsn"'
        hint = "Take it out: the ways around the pooler are known."
    elif target.embedded and target.protected:
        message = f'target "{key.text}" is embedded, so it cannot be protected'
        hint = "An embedded server is disposable; take `protected` out."
    elif target.embedded and value.get("direct_dsn") is not None:
        message = f'target "{key.text}" is embedded, and has a "direct_dsn"'
        hint = "Take it out: no pooler stands before an embedded server."
    if message is not None:
        faults.append(Fault(message, key.place, width=width(key), hint=hint))


def _read_percent(node: Node, where: str, faults: Faults) -> int | None:
    if isinstance(node, Scalar) and node.text.isdecimal() and int(node.text) <= 100:
        return int(node.text)
    faults.append(expected(node, where, "a number from 0 to 100"))
    return None


def _read_coverage(node: Node, where: str, faults: Faults) -> Thresholds:
    values = read_table(node, COVERAGE, where, faults)
    return Thresholds(values["functions"], values["roles"], node.place)


def _read_dsn(node: Node, where: str, faults: Faults) -> tuple[str | None, str | None] | None:
    """The text of the DSN and the variable that holds it, one of them None."""
    if isinstance(node, Mapping):
        variable = read_table(node, DSN, where, faults)["env"]
        return None, variable.value if variable else None
    text = read_text(node, where, faults)
    return None if text is None else (text.value, None)


DSN = Table((Key("env", VARIABLE, "The environment variable that holds the DSN.", required=True),))

TARGET = Table(
    (
        Key(
            "embedded",
            EMBEDDED_FORM,
            "A PostgreSQL of the project's own: nothing to install or start, disposable.",
            default=Embedded(),
        ),
        Key(
            "dsn",
            Form(_read_dsn, {"anyOf": [{"type": "string"}, table_schema(DSN)]}),
            "libpq's connection text or URI, or {env: NAME} of the variable that holds it.",
            default=(None, None),
        ),
        Key(
            "direct_dsn",
            Form(_read_dsn, {"anyOf": [{"type": "string"}, table_schema(DSN)]}),
            "The same database without its pooler; the lock is held there. Written like dsn.",
            default=(None, None),
        ),
        Key(
            "supabase",
            Form(read_supabase, table_schema(SUPABASE)),
            "A project on Supabase: {ref: …, pooler: …, password: {env: SUPABASE_DB_PASSWORD}}.",
        ),
        Key("protected", FLAG, "Must be named by --target, refuses build, runs read-only calls alone."),
        *LIMIT_KEYS,
    )
)

_PERCENT = Form(_read_percent, {"type": "integer", "minimum": 0, "maximum": 100})
COVERAGE = Table(
    (
        Key("functions", _PERCENT, "Percent of the functions that others may execute which a test must call."),
        Key("roles", _PERCENT, "The same, of every function with each role that may execute it."),
    )
)

NEXIOM_YML = Table(
    (
        Key(
            "name",
            matching("[A-Za-z0-9_][A-Za-z0-9_.-]*", 'a name of letters, digits, "_", "-" and "."'),
            "The project's name; the ledger of a database keeps its history under it.",
            required=True,
        ),
        Key("version", TEXT, "The project's own version, shown in reports."),
        Key(
            "schemas",
            list_of(Form(_read_schema_name, {"type": "string"}), least=1),
            "Schemas whose objects are the project's.",
            default=(),
        ),
        Key(
            "vars",
            mapping_of(_read_var, {"type": ["string", "number", "boolean"]}),
            "Variables for var() in SQL: text or integers.",
            default=(),
        ),
        Key("env", list_of(VARIABLE), "The only environment variables that env() may read.", default=()),
        Key("secrets", list_of(VARIABLE), "The only names that secret() may read.", default=()),
        Key("env_files", list_of(TEXT), "Files of NAME=value that secrets may come from.", default=()),
        Key("default_target", TEXT, "The target used when none is named."),
        Key("targets", mapping_of(_read_target, table_schema(TARGET)), "Databases by name.", default=()),
        Key(
            "shapes",
            mapping_of(_read_shape, SHAPE_SCHEMA),
            "Shapes by name, which `$name` stands for wherever a shape is stated.",
            default=(),
        ),
        Key("users", USERS, "Who calls, by a name that `as` and `matrix` of any phase may say.", default=()),
        Key(
            "coverage",
            Form(_read_coverage, table_schema(COVERAGE)),
            "How much the tests must exercise; less fails `build` and `test`.",
            default=NO_THRESHOLDS,
        ),
        *RULE_KEYS,
    ),
    later={"paths": _LATER},
)
