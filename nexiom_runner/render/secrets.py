"""Secrets: put into text at the moment it is sent, taken out of what the server says."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from urllib.parse import quote

from nexiom_runner.errors import Fault, RenderError
from nexiom_runner.render.quoting import quote_literal
from nexiom_runner.render.rendered import SECRET_OPENING, Rendered

Secrets = Mapping[str, str | None]


def opaque(name: str) -> str:
    """What stands for a secret in files, fingerprints, logs and approvals."""
    return f"{SECRET_OPENING}{name}›"


def missing_secrets(rendered: Iterable[Rendered], secrets: Secrets) -> list[Fault]:
    """A fault for each secret some text holds and nobody set, at the first place it is used."""
    faults: dict[str, Fault] = {}
    for one in rendered:
        for name in one.secrets:
            if secrets.get(name) is None and name not in faults:
                offset = one.text.index(opaque(name))
                faults[name] = one.fault(_missing(name), offset, len(opaque(name)), hint=_how_to_set(name))
    return list(faults.values())


def reveal(text: str, secrets: Secrets) -> str:
    """The text to send: each '‹secret:X›' is a literal of its value. Raises RenderError where X has none.

    The result is shown to nobody: what refers to the text afterwards uses the text that went in.
    """
    return _LITERAL.sub(partial(_revealed, secrets=secrets), text) if SECRET_OPENING in text else text


def redact(text: str, secrets: Secrets) -> str:
    """The text with each secret's value, however quoted or escaped, replaced by ‹secret:X›."""
    for form, name in sorted(_forms(secrets), key=_longest_first):
        if form in text:
            text = text.replace(form, opaque(name))
    return text


def _revealed(match: re.Match[str], secrets: Secrets) -> str:
    value = secrets.get(match[1])
    if value is None:
        raise RenderError(Fault(_missing(match[1]), hint=_how_to_set(match[1])))
    return quote_literal(value)


def _missing(name: str) -> str:
    return f'secret "{name}" is not set'


def _how_to_set(name: str) -> str:
    return f"Set {name} in the environment, or in a file listed under env_files: in nexiom.yml."


def _forms(secrets: Secrets) -> Iterator[tuple[str, str]]:
    """(text, name): the value as it is, in a literal, in JSON, in a URL, and line by line where it has several."""
    for name, value in secrets.items():
        if value:
            whole = {value, value.replace("'", "''"), value.replace("\\", "\\\\"), quote_literal(value).strip()}
            whole |= {quote_literal(value).strip()[1:-1], json.dumps(value)[1:-1], quote(value, safe="")}
            whole |= {json.dumps(value, ensure_ascii=False)[1:-1], quote(value)}
            lines = {line.strip() for line in value.splitlines() if len(line.strip()) >= _TELLING}
            yield from ((form, name) for form in whole | lines if form)


def _longest_first(form: tuple[str, str]) -> tuple[int, str, str]:
    return -len(form[0]), form[0], form[1]


_TELLING = 6  # a shorter line of a longer secret says nothing of it
_LITERAL = re.compile(f"'{SECRET_OPENING}([^‹›']*)›'")
