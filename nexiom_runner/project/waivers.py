"""`rules:` and `waivers:` of nexiom.yml: which rule counts as what, and which findings somebody answers for."""

from typing import Any

from nexiom_runner.project.keys import (
    DAY,
    TEXT,
    Faults,
    Form,
    Key,
    Table,
    choice,
    list_of,
    mapping_of,
    read_table,
    table_schema,
)
from nexiom_runner.project.model import RuleLevel, Text, Waiver
from nexiom_runner.tree import Node, Scalar

_LEVEL = choice("error", "warn", "off")


def _read_level(key: Scalar, value: Node, where: str, faults: Faults) -> RuleLevel | None:
    level = _LEVEL.read(value, where, faults)
    return None if level is None else RuleLevel(Text(key.text, key.place), level.value)


def _read_waiver(node: Node, where: str, faults: Faults) -> Waiver | None:
    before = len(faults)
    values: dict[str, Any] = read_table(node, WAIVER, where, faults)
    if len(faults) > before or any(value is None for value in values.values()):
        return None
    reason, owner, until = (values[key].value for key in ("reason", "owner", "until"))
    return Waiver(node.place, values["rule"], values["object"], reason, owner, until)


WAIVER = Table(
    (
        Key("rule", TEXT, "The rule, by its id.", required=True),
        Key("object", TEXT, "The object as a finding names it; * stands for any text.", required=True),
        Key("reason", TEXT, "Why it may be so.", required=True),
        Key("owner", TEXT, "Who answers for it.", required=True),
        Key(
            "until",
            DAY,
            "The last day on which it holds (YYYY-MM-DD, UTC).",
            required=True,
        ),
    )
)

RULE_KEYS = (
    Key(
        "rules",
        mapping_of(_read_level, _LEVEL.schema),
        "What a rule counts as here, by its id: error, warn or off; `nexiom lint --rules` lists them.",
        default=(),
    ),
    Key(
        "waivers",
        list_of(Form(_read_waiver, table_schema(WAIVER))),
        "Findings of `nexiom lint` that somebody answers for until a day.",
        default=(),
    ),
)
