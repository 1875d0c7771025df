"""A dump of the target put into an empty database: what can be made is made, what cannot is named with the reason."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.sql.split import split

TOGETHER = 100  # statements a message
# What pg_dump writes above each object: `-- Name: messages; Type: TABLE; Schema: public; Owner: deployer`.
_HEADING = re.compile(r"^-- (?:Data for )?Name: (?P<name>.*); Type: (?P<type>[^;]*); Schema: (?P<schema>[^;]*);", re.M)
_META = re.compile(r"^\\(un)?restrict .*$", re.M)
_ABOUT = frozenset({"COMMENT", "ACL"})  # of an object: `TABLE messages`
_LEFT_OUT = {
    "EVENT TRIGGER": "it would run as a superuser, and nobody is one on the copy",
    "USER MAPPING": "a copy must not reach another server",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """An object of the target that the copy does not have, and why."""

    kind: str  # table, function …
    schema: str | None
    name: str  # as pg_dump names it: `messages`, `f(integer)`, `messages messages_pkey`
    why: str

    def __str__(self) -> str:
        schema = f"{self.schema}." if self.schema else ""
        return f"{self.kind} {schema}{self.name}"


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    of: tuple[str, str | None, str]  # kind, schema, name of the object it belongs to


def restore(session: Session, dump: str) -> tuple[Missing, ...]:
    """Run the dump on a superuser's session; one Missing an object of which a statement was refused, in order.

    Event triggers and what opens other servers to a role are left out.
    """
    session.send("set check_function_bodies = off")
    missing: dict[tuple[str, str | None, str], Missing] = {}
    pieces = [piece for piece in _pieces(_META.sub("", dump)) if not _left_out(piece, missing)]
    for start in range(0, len(pieces), TOGETHER):
        _send(session, pieces[start : start + TOGETHER], missing)
    session.send("reset all")
    names = {name for kind, _, name in missing if kind not in _ABOUT}
    return tuple(one for of, one in missing.items() if of[0] not in _ABOUT or of[2].partition(" ")[2] not in names)


def _pieces(dump: str) -> Iterator[_Piece]:
    of: tuple[str, str | None, str] = ("setting", None, "")
    for statement in split(dump):
        for found in _HEADING.finditer(statement.text):
            schema = found["schema"]
            of = (found["type"], None if schema == "-" else schema, found["name"])
        yield _Piece(statement.text, of)


def _left_out(piece: _Piece, missing: dict[tuple[str, str | None, str], Missing]) -> bool:
    why = _LEFT_OUT.get(piece.of[0])
    if why is not None:
        missing.setdefault(piece.of, _missing(piece, why))
    return why is not None


def _send(session: Session, pieces: Sequence[_Piece], missing: dict[tuple[str, str | None, str], Missing]) -> None:
    """All in one message; where one of them is refused, one by one."""
    try:
        session.send("".join(piece.text for piece in pieces))
    except ServerError:
        for piece in pieces:
            _send_one(session, piece, missing)


def _send_one(session: Session, piece: _Piece, missing: dict[tuple[str, str | None, str], Missing]) -> None:
    try:
        session.send(piece.text)
    except ServerError as error:
        if piece.of[0] != "setting":
            missing.setdefault(piece.of, _missing(piece, error.report.message))


def _missing(piece: _Piece, why: str) -> Missing:
    kind, schema, name = piece.of
    return Missing(kind.lower(), schema, name, why)
