"""What the server says, as fields and without secrets: diagnostics and notices become ServerReports."""

from collections.abc import Callable

from psycopg.errors import Diagnostic

from nexiom_runner.errors import ServerReport

Redact = Callable[[str], str]


def as_said(text: str) -> str:
    """The text unchanged: the redaction of a session that knows no secrets."""
    return text


def make_report(diagnostic: Diagnostic, redact: Redact = as_said) -> ServerReport:
    """The fields of an ErrorResponse or NoticeResponse, the words verbatim but for what `redact` takes out.

    Source: https://www.postgresql.org/docs/current/protocol-error-fields.html
    """

    def text(value: str | None) -> str | None:
        return None if value is None else redact(value)

    return ServerReport(
        sqlstate=diagnostic.sqlstate or "",
        severity=diagnostic.severity_nonlocalized or diagnostic.severity or "",
        message=redact(diagnostic.message_primary or ""),
        detail=text(diagnostic.message_detail),
        hint=text(diagnostic.message_hint),
        context=text(diagnostic.context),
        position=_number(diagnostic.statement_position),
        internal_query=text(diagnostic.internal_query),
        internal_position=_number(diagnostic.internal_position),
    )


def _number(value: str | None) -> int | None:
    return None if value is None else int(value)
