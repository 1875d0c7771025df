"""Extensions, publications and event triggers."""

import re

from nexiom_runner.audit.judgement import PASSED, Judgement, differs
from nexiom_runner.audit.kinds.look import (
    COMMENT,
    OWNER,
    FixSet,
    Kind,
    Look,
    flag,
    literal,
    name_of,
    one_spelling,
    plain,
    same_set,
)


def _version(look: Look) -> Judgement:
    """This version, or at least this one."""
    stated, found = str(look.stated.value), str(look.row["version"])
    wanted = stated.removeprefix(">=").strip()
    if found == wanted or (wanted != stated and _parts(found) >= _parts(wanted)):
        return PASSED
    fix = f"alter {look.target} update to {literal(wanted)};"
    return differs("version", stated, found, None, fix)


def _parts(version: str) -> list[tuple[int, str]]:
    """A version's numbers as numbers: 1.10 is behind 1.9."""
    return [(int(number or 0), word) for number, word in re.findall(r"([0-9]+)|([a-z]+)", version.lower())]


def _publish(look: Look) -> Judgement:
    value = ", ".join(look.stated.value) if isinstance(look.stated.value, tuple) else ""  # type: ignore[arg-type]
    return same_set("publish", lambda at, give, take: f"alter {at.target} set (publish = '{value}');")(look)


def _members(word: str) -> FixSet:
    def fix(look: Look, give: set[str], take: set[str]) -> str:
        lines = [f"alter {look.target} drop {word} {name};" for name in sorted(take)]
        return "\n".join(lines + [f"alter {look.target} add {word} {name};" for name in sorted(give)])

    return fix


def _enabled(look: Look) -> Judgement:
    words = {"origin": "enable", "disabled": "disable", "always": "enable always", "replica": "enable replica"}
    return plain("enabled", f"alter {{target}} {words[str(look.stated.value)]};")(look)


EXTENSION = Kind(
    "extensions",
    "extension",
    {"version": _version, "schema": plain("of_schema", "alter {target} set schema {name};")},
    "create {target};",
)
PUBLICATION = Kind(
    "publications",
    "publication",
    {
        "tables": same_set("tables", _members("table"), one_spelling),
        "schemas": same_set("schemas", _members("tables in schema")),
        "all_tables": flag(
            "all_tables", "drop {target};\ncreate {target} for all tables;", "drop {target};\ncreate {target};"
        ),
        "publish": _publish,
        "via_root": plain("via_root", "alter {target} set (publish_via_partition_root = {value});"),
        "owner": OWNER,
        "comment": COMMENT,
    },
    "create {target};",
)
EVENT_TRIGGER = Kind(
    "event_triggers",
    "event trigger",
    {
        "event": plain("event"),
        "tags": same_set("tags", read=str.upper),
        "function": name_of("function"),
        "enabled": _enabled,
        "owner": OWNER,
        "comment": COMMENT,
    },
)
