"""For tests in Python: a copy of the built project's database a test, and calls as PostgREST makes them."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nexiom_runner.database.copies import Copy
from nexiom_runner.database.plain import plain_error
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, NexiomError, ServerError, TargetError, describe
from nexiom_runner.pytest_plugin.collecting import project_of
from nexiom_runner.pytest_plugin.project import Built
from nexiom_runner.report.failures import script_failure
from nexiom_runner.test.by_hand import call_by_hand


def copy(config: pytest.Config, root: Path | None) -> Iterator[Copy]:
    """A copy of the database, dropped afterwards. The test is skipped where the target's cannot be copied, and fails
    where the project cannot be built."""
    built = _built(config, root)
    if built.copies is None:
        pytest.skip(built.no_copies)
    with built.copies.copy() as made:
        yield made


def rpc(config: pytest.Config, made: Copy) -> Iterator[Callable[..., Any]]:
    """The function that calls; its session ends with the test."""
    with made.connect() as session:
        yield partial(_call, session)


def _call(
    session: Session,
    function: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    role: str | None = None,
    claims: Mapping[str, Any] | None = None,
) -> Any:
    """What the function returned, as `json.loads` reads it; committed on the copy.

    Raises psycopg's own error for what the function raised, LookupError where no function or role is so called.
    """
    try:
        text = call_by_hand(session, function, arguments or {}, role, claims)
    except ServerError as error:
        raise plain_error(error.report) from None
    except NexiomError as error:
        raise LookupError("\n".join(map(describe, error.faults))) from None
    return None if text is None else json.loads(text)


def _built(config: pytest.Config, root: Path | None) -> Built:
    try:
        if root is None:
            hint = "Name its folder in pytest's configuration: nexiom_project = database"
            raise TargetError(Fault(f'no nexiom.yml in "{config.rootpath}" or a folder above it', hint=hint))
        built = project_of(config, root).built()
    except NexiomError as error:
        pytest.fail("\n".join(map(describe, error.faults)), pytrace=False)
    if built.failed is not None:
        pytest.fail(script_failure(built.failed), pytrace=False)
    if built.work.suite.missing:
        target = built.opened.target.name
        fault = Fault(f'phase "{built.work.suite.missing[0]}" is not applied on "{target}"', hint=_APPLY.format(target))
        pytest.fail(describe(fault), pytrace=False)
    return built


_APPLY = "nexiom apply --target {} applies it; pytest builds the embedded target alone."
