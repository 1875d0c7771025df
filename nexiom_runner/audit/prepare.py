"""The project's audits, rendered and read before a database is touched."""

from collections.abc import Iterator

from nexiom_runner.audit.files import AuditFile, check_audit
from nexiom_runner.errors import Fault, NexiomError, RenderError, ScriptError
from nexiom_runner.project.model import Project
from nexiom_runner.render.render import render, render_all
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.render.values import Values


def prepare_audits(project: Project, values: Values) -> tuple[AuditFile, ...]:
    """Every audits/*.sql rendered and read. Raises ScriptError with all that is wrong in any of them."""
    faults: list[Fault] = []
    files: list[AuditFile] = []
    rendered = {one.source.path: one for one in _rendered(project, values, faults)}
    for audit in project.audits:
        if audit.source.path in rendered:
            try:
                files.append(check_audit(audit, rendered[audit.source.path]))
            except NexiomError as error:
                faults.extend(error.faults)
    if faults:
        raise ScriptError(*faults)
    return tuple(files)


def _rendered(project: Project, values: Values, faults: list[Fault]) -> Iterator[Rendered]:
    """All at once, which loads Jinja once; file by file where one has a fault, to say what is wrong in each."""
    sources = [audit.source for audit in project.audits]
    try:
        yield from render_all(sources, values, project.macros)
    except RenderError:
        for source in sources:
            try:
                yield render(source, values, project.macros)
            except RenderError as error:
                faults.extend(error.faults)
