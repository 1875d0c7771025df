"""What judging one attribute needs, and the judges that many kinds share."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nexiom_runner.audit.grants import judge_privileges, listed
from nexiom_runner.audit.judgement import PASSED, Judgement, differs, exactly_named
from nexiom_runner.audit.spelling import Speller
from nexiom_runner.audit.tables import judge_type
from nexiom_runner.catalog.model import Catalog, Grant, Row
from nexiom_runner.catalog.names import dotted, qualified, quoted, shown
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.in_force import Stated
from nexiom_runner.render.quoting import quote_literal
from nexiom_runner.results import Difference, Outcome


@dataclass(slots=True)
class Look:
    """One attribute stated, and what is live: the rows that the kind's query gave for the object."""

    stated: Stated
    rows: Sequence[Row]
    word: str  # what the object is in a statement: `sequence`
    name: str  # `public.s`
    named: Collection[str]  # all items of this attribute that any phase in force names
    catalog: Catalog
    speller: Speller

    @property
    def row(self) -> Row:
        """The object's only row."""
        return self.rows[0]

    @property
    def target(self) -> str:
        """The object in a statement: `sequence public.s`."""
        return f"{self.word} {self.name}"


Judge = Callable[[Look], Judgement]
FixSet = Callable[[Look, set[str], set[str]], str | None]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a kind: the query that answers for it, and who compares."""

    query: str
    judge: Judge


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that has a section of its own: its query, its word in a statement, how it is made where it is missing."""

    query: str
    word: str
    attributes: Mapping[str, Judge]
    create: str | None = None  # with {target}


def plain(field: str, fix: str | None = None) -> Judge:
    """A text, a number or a boolean, equal to a field of the row; `fix` may hold {target}, {value}, {literal}."""

    def judge(look: Look) -> Judgement:
        expected, found = told_value(look.stated.value), told_value(look.row[field])
        if expected == found or is_same_number(expected, found):
            return PASSED
        return differs(look.stated.attribute, expected, found, None, filled(fix, look))

    return judge


def flag(field: str, yes: str, no: str) -> Judge:
    """A boolean; what makes it so and what makes it not so."""

    def judge(look: Look) -> Judgement:
        return plain(field, yes if look.stated.value else no)(look)

    return judge


def kind_of_type(field: str, fix: str | None = None) -> Judge:
    """A type, in PostgreSQL's own spelling."""

    def judge(look: Look) -> Judgement:
        found = look.row[field]
        if found is None:
            return differs(look.stated.attribute, str(look.stated.value), None)
        return judge_type(look.stated.attribute, str(look.stated.value), found, look.speller, filled(fix, look))

    return judge


def name_of(field: str, fix: str | None = None) -> Judge:
    """The name of another object, in `public` unless written; `none` where there is none."""

    def judge(look: Look) -> Judgement:
        found = look.row[field]
        stated = str(look.stated.value)
        wanted = None if stated == "none" else read_name(stated)
        if wanted == (tuple(found) if found else None):
            return PASSED
        told = dotted(found) if found else "none"
        name = ".".join(map(quoted, wanted)) if wanted else "none"
        return differs(look.stated.attribute, stated, told, None, filled(fix, look, name))

    return judge


def same_set(field: str, fix: FixSet | None = None, read: Callable[[str], str] = str) -> Judge:
    """Exactly these names, in any order; `fix` is told which to give and which to take."""

    def judge(look: Look) -> Judgement:
        assert isinstance(look.stated.value, tuple)
        wanted = {read(one) for one in look.stated.value if isinstance(one, str)}
        found = {one if isinstance(one, str) else dotted(one) for one in look.row[field] or ()}
        if wanted == found:
            return PASSED
        made = fix(look, wanted - found, found - wanted) if fix else None
        return differs(look.stated.attribute, listed(wanted, "none"), listed(found, "none"), None, made)

    return judge


def grants_of(field: str = "grants") -> Judge:
    """Exactly these privileges of exactly these roles."""

    def judge(look: Look) -> Judgement:
        held = grants_in(look.row[field])
        expected: Any = look.stated.value
        return judge_privileges(expected, held, look.row["owner"], look.target, look.catalog)

    return judge


def settings_of(fix: Callable[[Look, str, str | None], str]) -> Judge:
    """All settings by name; `fix` is told a name and its value, None where it is to go."""

    def judge(look: Look) -> Judgement:
        wanted = dict(pairs_of(look.stated.value))
        found: dict[str, str] = dict(look.row["settings"] or ())
        names = [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)]
        if not names:
            return PASSED
        path = look.stated.attribute
        differences = tuple(Difference(f"{path} {name}", wanted.get(name), found.get(name)) for name in names)
        fixes = "\n".join(fix(look, name, wanted.get(name)) for name in names)
        return Judgement(Outcome.FAIL, differences, fix=fixes)

    return judge


OWNER = plain("owner", "alter {target} owner to {name};")
COMMENT = plain("comment", "comment on {target} is {literal};")


def exactly(items: str) -> Judge:
    """No items but those that are named."""

    def judge(look: Look) -> Judgement:
        return exactly_named(items, (row["item"] for row in look.rows), look.named)

    return judge


def filled(fix: str | None, look: Look, name: str | None = None) -> str | None:
    """A fix with what stands for the object and the value stated."""
    if fix is None:
        return None
    value = look.stated.value
    text = "" if value is None else told_value(value) or ""
    written = "null" if value == "" else literal(text)
    return fix.format(target=look.target, value=text, literal=written, name=name or quoted(text))


def literal(text: str) -> str:
    """A text for a statement."""
    return quote_literal(text).strip()


def grants_in(rows: Sequence[Row] | None) -> tuple[Grant, ...]:
    """Privileges as rows of JSON."""
    return tuple(Grant(one["role"], one["privilege"], one["origin"], one["of"], one["schema"]) for one in rows or ())


def pairs_of(value: object) -> tuple[tuple[str, str], ...]:
    """A value stated as names and texts."""
    return value if isinstance(value, tuple) else ()


def told_value(value: object) -> str | None:
    """A value as phase.yml states it; an empty text is none."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_same_number(expected: str | None, found: str | None) -> bool:
    """Whether both are the same number: 100 and 100.0."""
    try:
        return float(expected or "") == float(found or "")
    except ValueError:
        return False


def read_name(text: str) -> tuple[str, ...]:
    """Schema and name as stated."""
    try:
        return parse_name(text)
    except NotUnderstood:
        return (text,)


def one_spelling(text: str) -> str:
    """A stated name as `dotted` writes it."""
    return dotted(read_name(text))


def name_for(schema: str, name: str) -> str:
    """`public.s`, `app` for a statement."""
    return qualified((schema, name)) if schema else quoted(name)


def shown_name(schema: str, name: str) -> str:
    """The name for people."""
    return shown((schema, name)) if schema else quoted(name)
