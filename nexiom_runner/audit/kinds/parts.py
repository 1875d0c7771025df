"""Items of a table that are stated as SQL (a constraint, a trigger, a policy), compared clause by clause."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nexiom_runner.audit.clauses import Unreadable, Words, bare, bracketed, split, text_of, words_of
from nexiom_runner.audit.judgement import PASSED, Judgement, did_you_mean, differs, unreadable
from nexiom_runner.audit.kinds.look import Look
from nexiom_runner.audit.spelling import Expression, Source
from nexiom_runner.catalog.model import Name, Row
from nexiom_runner.catalog.names import quoted, told
from nexiom_runner.errors import ServerReport
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.names import nearest
from nexiom_runner.results import Difference, Outcome
from nexiom_runner.sql.lexer import identifier, is_blank, lexemes


@dataclass(frozen=True, slots=True)
class Formula:
    """A clause that is an expression: the server decides whether two are the same."""

    text: str


Parts = dict[str, str | Formula]  # by clause; what is PostgreSQL's default is left out


@dataclass(frozen=True, slots=True)
class Item:
    """How items of one kind are read and made.

    `scope` says what their expressions speak of: a table by its name, or relations with columns.
    """

    word: str  # constraint
    read: Callable[[str], Parts]  # what is stated
    live: Callable[[Row], Parts]
    scope: Callable[[Look], Name | tuple[Source, ...]]
    create: Callable[[Look, str], str]
    drop: Callable[[Look], str]
    alter: Callable[[Look, Parts, Sequence[str]], str | None] = lambda look, parts, clauses: None
    same: Callable[[Row, Parts, Parts], Parts] = lambda row, expected, found: found
    defaults: Mapping[str, str] = field(default_factory=dict)  # how a clause that says nothing is told


def judge_item(item: Item, within: str | None = None) -> Callable[[Look], Judgement]:
    """An item that must be there as stated, or not be there; its rows are the query's, or a list in the object's."""

    def judge(look: Look) -> Judgement:
        name = look.stated.item
        path = f"{item.word} {quoted(name)}"
        rows = look.rows if within is None else look.row[within] or ()
        row = next((row for row in rows if row["item"] == name), None)
        if look.stated.value is None:
            return PASSED if row is None else differs(path, "absent", "present", None, item.drop(look))
        text = str(look.stated.value)
        try:
            expected = item.read(text)
        except (Unreadable, NotUnderstood) as problem:
            return Judgement(Outcome.ERROR, message=f"{path} cannot be evaluated: {problem} in `{text}`")
        if row is None:
            near = did_you_mean(nearest(name, (other["item"] for other in rows)))
            return differs(path, text, None, near, item.create(look, text))
        return _compare(item, look, path, expected, item.same(row, expected, item.live(row)))

    return judge


def _compare(item: Item, look: Look, path: str, expected: Parts, found: Parts) -> Judgement:
    clauses = [
        clause for clause in {**expected, **found} if not _same(item, look, expected.get(clause), found.get(clause))
    ]
    if not clauses or look.speller.unknown:
        return PASSED  # or it is judged again when the server has said how both are spelt
    for clause in clauses:
        fault = _fault(item, look, expected.get(clause))
        if fault is not None:
            return _refused(path, _told(expected.get(clause)) or "", _told(found.get(clause)), fault, look)
    differences = tuple(
        Difference(
            f"{path} {clause}",
            _told(expected.get(clause, item.defaults.get(clause))),
            _told(found.get(clause, item.defaults.get(clause))),
        )
        for clause in clauses
    )
    fix = item.alter(look, expected, clauses)
    fix = fix or f"{item.drop(look)}\n{item.create(look, str(look.stated.value))}"
    return Judgement(Outcome.FAIL, differences, fix=fix)


def _refused(path: str, expected: str, found: str | None, fault: ServerReport, look: Look) -> Judgement:
    """What the server could not read: FAIL where it is a column that is not there, with the one that was meant."""
    table = look.catalog.tables.get(own_table(look))
    if fault.sqlstate != "42703" or table is None:
        return unreadable(path, expected, found, fault, None)
    word = re.search(r"column (\S+)", fault.message)
    named = word[1].rpartition(".")[2].strip('"') if word else ""
    near = did_you_mean(nearest(named, (column.name for column in table.columns)))
    return differs(path, expected, found, f"{fault.message}; {near}" if near else fault.message)


def _same(item: Item, look: Look, expected: str | Formula | None, found: str | Formula | None) -> bool:
    if not isinstance(expected, Formula) or not isinstance(found, Formula):
        return expected == found
    scope = item.scope(look)
    return look.speller.same(_expression(expected, scope), _expression(found, scope))


def _fault(item: Item, look: Look, expected: str | Formula | None) -> ServerReport | None:
    if not isinstance(expected, Formula):
        return None
    return look.speller.fault(_expression(expected, item.scope(look)))


def _expression(formula: Formula, scope: Name | tuple[Source, ...]) -> Expression:
    text = f"({bare(formula.text)}\n)"
    if len(scope) == 2 and isinstance(scope[0], str):
        return Expression(text, (scope[0], str(scope[1])))
    return Expression(text, sources=scope)


def _told(part: str | Formula | None) -> str | None:
    """A clause for people: an expression on one line."""
    if not isinstance(part, Formula):
        return "none" if part == "" else part
    return told("".join(" " if is_blank(piece) else piece for piece in lexemes(bare(part.text))))


class Reader:
    """Words of a definition, taken from the left."""

    def __init__(self, text: str) -> None:
        self.words: Words = words_of(text)

    def take(self, *sought: str) -> bool:
        """Whether these words come next; they are then behind us."""
        if [word for word, _ in self.words[: len(sought)]] != list(sought):
            return False
        self.words = self.words[len(sought) :]
        return True

    def one(self, *choices: str) -> str | None:
        """The one of these phrases that comes next."""
        return next((choice for choice in choices if self.take(*choice.split())), None)

    def needs(self, *choices: str) -> str:
        """The one of these phrases that must come next. Raises Unreadable."""
        found = self.one(*choices)
        if found is None:
            raise Unreadable(f"expected {' or '.join(choices)}, found {self.rest}")
        return found

    def word(self) -> str:
        """The next word, as written."""
        if not self.words:
            raise Unreadable("expected more, found nothing")
        (_, text), self.words = self.words[0], self.words[1:]
        return text.strip()

    def name(self) -> Name:
        """A name, qualified or not: `public` unless written."""
        parts = [self.identifier()]
        while self.take("."):
            parts.append(self.identifier())
        return parse_name(".".join(quoted(part) for part in parts[-2:]))

    def brackets(self) -> Words:
        """What stands within the brackets that come next. Raises Unreadable."""
        if not self.words or self.words[0][0] != "(":
            raise Unreadable(f'expected "(", found {self.rest}')
        inner, self.words = bracketed(self.words)
        return inner

    def list(self) -> list[str]:
        """What stands between the commas of brackets, as written."""
        return [text_of(part) for part in split(self.brackets())]

    def names(self) -> str:
        """The columns in brackets, in one spelling."""
        return ", ".join(quoted(name_in(part)) for part in self.list())

    def formula(self) -> Formula:
        """The expression in brackets."""
        return Formula(text_of(self.brackets()))

    def end(self) -> None:
        """Nothing may be left. Raises Unreadable."""
        if self.words:
            raise Unreadable(f"{self.rest} is out of place")

    @property
    def rest(self) -> str:
        """What comes next, for a message."""
        return f'"{text_of(self.words[:3])}"' if self.words else "nothing"

    def identifier(self) -> str:
        """The name that comes next. Raises Unreadable."""
        found = identifier(self.word())
        if found is None:
            raise Unreadable(f"expected a name before {self.rest}")
        return found


def name_in(text: str) -> str:
    """The column that an identifier stands for; another text as it is."""
    return identifier(text) or text


def deferring(reader: Reader) -> str | None:
    """`[not] deferrable [initially deferred | immediate]`, None where it is the default."""
    deferrable = reader.one("not deferrable", "deferrable")
    initially = reader.one("initially deferred", "initially immediate")
    if initially == "initially deferred":
        return "deferrable initially deferred"
    return deferrable if deferrable == "deferrable" else None


def with_defaults(parts: Mapping[str, str | Formula | None]) -> Parts:
    """Clauses that say something."""
    return {clause: part for clause, part in parts.items() if part is not None}


def own_table(look: Look) -> Name:
    """The table that an item is of."""
    return look.stated.key.schema, look.stated.key.name
