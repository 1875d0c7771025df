"""Sources into SQL text. Text without Jinja is its own rendering, and Jinja is not even imported for it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Protocol, cast

from nexiom_runner.errors import Fault, RenderError
from nexiom_runner.project.outline import Source
from nexiom_runner.render.rendered import BATCH, SECRET_OPENING, Rendered, place_in, source_line
from nexiom_runner.render.values import Values


class Engine(Protocol):
    """What renders templates: `template.Templates`."""

    def render(self, source: Source) -> Rendered:
        """The source rendered. Raises RenderError."""


def render(source: Source, values: Values, macros: Sequence[Source] = ()) -> Rendered:
    """One source rendered. Raises RenderError with every fault that could be found."""
    return render_all((source,), values, macros)[0]


def render_all(sources: Iterable[Source], values: Values, macros: Sequence[Source] = ()) -> tuple[Rendered, ...]:
    """The sources rendered, in their order, with the macros known to all of them.

    Deterministic, bounded in time and size; touches no file and no network. Raises RenderError with the faults of
    every source at once: syntax, undefined names, values that are neither text nor integers, too much work, and
    text that looks like a secret.
    """
    engine: Engine | None = None
    faults: list[Fault] = []
    rendered: list[Rendered] = []
    for source in sources:
        forged = list(_forged(source))
        faults.extend(forged)
        if not is_template(source.text):
            rendered.append(Rendered(source, source.text))
        elif not forged:
            try:
                engine = engine or _load_engine(values, macros)
                rendered.append(engine.render(source))
                faults.extend(_strayed(rendered[-1]))
            except RenderError as error:
                faults.extend(fault for fault in error.faults if fault not in faults)
    if faults:
        raise RenderError(*faults)
    return tuple(rendered)


def is_template(text: str) -> bool:
    """Whether a text holds anything for Jinja."""
    return "{{" in text or "{%" in text or "{#" in text


def _load_engine(values: Values, macros: Sequence[Source]) -> Engine:
    # Jinja takes 58 ms to import; a project without templates does not pay for it. This is the one place.
    module = import_module("nexiom_runner.render.template")
    return cast(Engine, module.load_templates(values, macros))


def _strayed(rendered: Rendered) -> Iterator[Fault]:
    """What a batch is, a backfill alone knows."""
    if BATCH in rendered.text and not _BACKFILL.fullmatch(rendered.source.path):
        hint = "Only phases/NAME/backfill.sql runs in batches."
        yield rendered.fault('"batch" outside of a backfill.sql', rendered.text.index(BATCH), hint=hint)


def _forged(source: Source) -> Iterator[Fault]:
    offset = source.text.find(SECRET_OPENING)
    if offset >= 0:
        place = place_in(source.path, source.text, offset)
        yield Fault(
            'text "‹secret:" in a source, where it would pass for a secret',
            place,
            source_line(source.text, place.line),
            len(SECRET_OPENING),
            hint="Write {{ secret('NAME') }} for the secret called NAME.",
        )


_BACKFILL = re.compile(r"phases/[^/]+/backfill\.sql")
