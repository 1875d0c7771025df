"""The keys of `supabase:`, a target of nexiom.yml that is a project on Supabase."""

import re
from typing import Any

from nexiom_runner.errors import Fault
from nexiom_runner.project.hosted import PASSWORD_VARIABLE, Hosted, Road, known_roads
from nexiom_runner.project.keys import (
    TEXT,
    VARIABLE,
    Faults,
    Form,
    Key,
    Table,
    choice,
    expected,
    matching,
    read_table,
    read_text,
    table_schema,
)
from nexiom_runner.project.model import Text
from nexiom_runner.tree import Mapping, Node, Scalar

_REF = "[a-z]{20}"
_CLUSTER = "aws-[0-9]+"
_REGION = "[a-z]{2}(?:-[a-z]+)+-[0-9]+"
_HOST = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_PLACE = r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]|/.*):[0-9]{1,5}"
_CHECKED = ("require", "verify-ca", "verify-full")


def read_supabase(node: Node, where: str, faults: Faults) -> Hosted | None:
    """What `supabase:` says; None where it is wrong."""
    before = len(faults)
    values = read_table(node, SUPABASE, where, faults)
    if len(faults) > before or not isinstance(node, Mapping):
        return None
    hosts = {Road(name): text.value for name, text in (values["hosts"] or {}).items() if text}
    connection = values["connection"]
    hosted = Hosted(
        values["ref"].value,
        _pooler(values),
        values["password"],
        values["role"].value if values["role"] else "postgres",
        values["database"].value if values["database"] else "postgres",
        values["sslmode"].value if values["sslmode"] else "require",
        Road(connection.value) if connection else None,
        hosts,
    )
    faults.extend(fault for fault in (_of_pooler(values, where), *_of_rest(hosted, values, where)) if fault)
    return hosted if len(faults) == before else None


def _pooler(values: dict[str, Any]) -> str | None:
    pooler, region = values["pooler"], values["region"]
    if pooler is None or not re.fullmatch(_CLUSTER, pooler.value):
        return pooler.value if pooler else None
    return f"{pooler.value}-{region.value}.pooler.supabase.com" if region else None


def _of_pooler(values: dict[str, Any], where: str) -> Fault | None:
    """The number in the pooler's host is the project's own and follows from nothing, so it is never guessed."""
    pooler, region = values["pooler"], values["region"]
    short = pooler is not None and re.fullmatch(_CLUSTER, pooler.value)
    if short and region is None:
        hint = "Write region: beside it, or the whole host as the dashboard's Connect shows it."
        return _at(pooler, f'key "{where}.pooler" is "{pooler.value}", and no region is written', hint)
    if region is not None and pooler is None:
        hint = "Copy the pooler's host from Connect in the dashboard into pooler: its number is the project's own."
        return _at(region, f'key "{where}.region" is written without "pooler"', hint)
    if region is not None and not short:
        return _at(region, f'key "{where}.pooler" is a whole host, and a region is written too', "Take region out.")
    return None


def _of_rest(hosted: Hosted, values: dict[str, Any], where: str) -> list[Fault]:
    connection, sslmode, found = values["connection"], values["sslmode"], []
    lacks_host = hosted.connection is not None and hosted.connection not in known_roads(hosted)
    if lacks_host and values["pooler"] is None:
        hint = "Copy the pooler's host from Connect in the dashboard into pooler."
        found.append(
            _at(connection, f'key "{where}.connection" is "{connection.value}", and no pooler is written', hint)
        )
    if sslmode is not None and sslmode.value not in _CHECKED and not hosted.hosts:
        message = f'key "{where}.sslmode" is "{sslmode.value}", which lets the password travel in the open'
        found.append(_at(sslmode, message, "Write require, verify-ca or verify-full."))
    return found


def _at(text: Text, message: str, hint: str) -> Fault:
    return Fault(message, text.place, width=len(text.value), hint=hint)


def _read_ref(node: Node, where: str, faults: Faults) -> Text | None:
    text = read_text(node, where, faults)
    if text is None or re.fullmatch(_REF, text.value):
        return text
    within = re.search(rf"(?<![a-z]){_REF}(?![a-z])", text.value)
    hint = f"Write {within[0]}." if within else "It stands in the dashboard's address and in its Project settings."
    faults.append(expected(node, where, "a project's ref, 20 lower-case letters", hint))
    return None


def _read_password(node: Node, where: str, faults: Faults) -> str | None:
    """The variable that holds it. A password in the file is refused, and shown nowhere."""
    if isinstance(node, Scalar) and node.text:
        hint = f"Write password: {{env: {PASSWORD_VARIABLE}}}, set that variable, and give the role another password."
        message = f'key "{where}" holds a password in the open, line {node.place.line}'
        faults.append(Fault(message, hint=hint))
        return None
    name = read_table(node, PASSWORD, where, faults)["env"]
    return name.value if name else None


def _read_hosts(node: Node, where: str, faults: Faults) -> dict[str, Text | None]:
    return read_table(node, HOSTS, where, faults)


_ELSEWHERE = matching(_PLACE, "HOST:PORT")
_WHOLE_OR_SHORT = matching(f"{_CLUSTER}|{_HOST}", "aws-0, aws-1 … or the pooler's whole host")

PASSWORD = Table((Key("env", VARIABLE, "The environment variable that holds the password.", required=True),))
HOSTS = Table(
    tuple(Key(road.value, _ELSEWHERE, f"HOST:PORT in the place of {road.words}'s own.") for road in Road),
)
SUPABASE = Table(
    (
        Key(
            "ref",
            Form(_read_ref, {"type": "string", "pattern": f"^{_REF}$"}),
            "The project's ref: the 20 letters in the dashboard's address.",
            required=True,
        ),
        Key("pooler", _WHOLE_OR_SHORT, "The pooler's host as Connect in the dashboard shows it, or its aws-N."),
        Key("region", matching(_REGION, "a region such as eu-central-1"), "The region, where pooler is only aws-N."),
        Key(
            "password",
            Form(_read_password, table_schema(PASSWORD)),
            f"{{env: {PASSWORD_VARIABLE}}}, which holds the database password; else PGPASSWORD or ~/.pgpass.",
        ),
        Key("role", TEXT, "The role (postgres)."),
        Key("database", TEXT, "The database (postgres)."),
        Key("connection", choice(*Road), "direct, session or transaction; else the first that answers."),
        Key(
            "sslmode",
            choice("disable", "allow", "prefer", *_CHECKED),
            "libpq's (require); less only where hosts lead elsewhere.",
        ),
        Key(
            "hosts",
            Form(_read_hosts, table_schema(HOSTS)),
            "HOST:PORT by way, where one is reached elsewhere: a tunnel, a proxy's socket.",
        ),
    )
)
