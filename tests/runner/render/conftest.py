"""Templates rendered with a few values and macros."""

from collections.abc import Callable

import pytest

from nexiom_runner.errors import RenderError, describe
from nexiom_runner.project.model import Source
from nexiom_runner.render.render import render
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.render.values import TargetFacts, Values

VALUES = Values(
    var={"region": "eu", "size": 3},
    env={"NEXIOM_REGION": "north", "NEXIOM_EMPTY": None},
    target=TargetFacts("local", embedded=True),
    secrets={"API_KEY": "it's", "OTHER": None},
)


@pytest.fixture
def rendered() -> Callable[..., Rendered]:
    """The apply.sql of phase 01_a with a text, rendered; `macros` are the texts of macros/a.sql, macros/b.sql …"""

    def renderer(text: str, *macros: str) -> Rendered:
        files = [Source(f"macros/{name}.sql", macro, "") for name, macro in zip("abc", macros, strict=False)]
        return render(Source("phases/01_a/apply.sql", text, ""), VALUES, files)

    return renderer


@pytest.fixture
def faults(rendered: Callable[..., Rendered]) -> Callable[..., list[str]]:
    """The printed faults of a text that cannot be rendered."""

    def reader(text: str, *macros: str) -> list[str]:
        with pytest.raises(RenderError) as caught:
            rendered(text, *macros)
        return [describe(fault) for fault in caught.value.faults]

    return reader


@pytest.fixture
def fault(faults: Callable[..., list[str]]) -> Callable[..., str]:
    """The one printed fault of a text."""

    def reader(text: str, *macros: str) -> str:
        (found,) = faults(text, *macros)
        return found

    return reader
