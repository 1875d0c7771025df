"""Regular expressions that answer in time linear in the text: an automaton, nothing is tried twice.

What PostgreSQL, Python and ECMAScript read alike: literals, `.`, classes, groups, `|`, `* + ? {m,n}`, `^ $ \\b \\B`,
`\\d \\w \\s` and their negations, `\\t \\n \\r \\xHH \\uHHHH`. As in PostgreSQL `.` is any character, `$` the very end.
Back references and look-around have no such bound and are refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nexiom_runner.shape.regex_syntax import Assertion, Characters, Choice, Node, Refusal, Repeat, read_regex

MOST_STEPS = 2_000  # of one expression's program; {m,n} is written out
REMEMBERED = 2_000  # transitions kept of one expression


def refusal(text: str) -> Refusal | None:
    """Why the expression cannot be used, or None."""
    node = read_regex(text)
    if isinstance(node, Refusal):
        return node
    if _length(node) > MOST_STEPS:
        return Refusal("repeats too much", 0, f"Written out it has more than {MOST_STEPS} steps.")
    return None


def search(regex: str, text: str) -> bool:
    """Whether the expression matches anywhere in the text. Raises ValueError where `refusal` would say why."""
    return _program(regex).search(text)


@dataclass(frozen=True, slots=True)
class _Step:
    """Goes on to `then`: freely, or past one character that `test` allows, or where `test` holds."""

    test: Characters | Assertion | None
    then: tuple[int, ...]


@dataclass(slots=True)
class _Program:
    """Steps from 0; the last one is the match. `known` remembers where a set of steps and a character led."""

    steps: tuple[_Step, ...]
    known: dict[tuple[frozenset[int], str, str | None], frozenset[int] | None]

    def search(self, text: str) -> bool:
        state: frozenset[int] | None = frozenset((0,))
        before = ""
        for character in (*text, None):
            assert state is not None
            kind = before and ("w" if is_word(before) else "n")
            key = (state, kind, character)
            if key not in self.known:
                if len(self.known) >= REMEMBERED:
                    self.known.clear()
                self.known[key] = self._advance(state, kind == "w", not before, character)
            state = self.known[key]
            if state is None:
                return True
            before = character or ""
        return False

    def _advance(
        self, state: frozenset[int], after_word: bool, first: bool, character: str | None
    ) -> frozenset[int] | None:
        """The steps after the character, the first always among them; None is a match before it."""
        boundary = after_word != (character is not None and is_word(character))
        here = {"^": first, "$": character is None, "b": boundary, "B": not boundary}
        todo, seen, after = list(state), set(state), {0}
        while todo:
            step = self.steps[todo.pop()]
            if not step.then:
                return None
            if isinstance(step.test, Characters):
                if character is not None and step.test.allows(character):
                    after.update(step.then)
            elif step.test is None or here[step.test.kind]:
                todo.extend(each for each in step.then if each not in seen)
                seen.update(step.then)
        return frozenset(after)


def is_word(character: str) -> bool:
    """A letter or digit of any script, or the underscore."""
    return character.isalnum() or character == "_"


@lru_cache(maxsize=256)
def _program(regex: str) -> _Program:
    node = read_regex(regex)
    if isinstance(node, Refusal):
        raise ValueError(node.message)
    steps = [*_steps(node, 0), _Step(None, ())]
    return _Program(tuple(steps), {})


def _length(node: Node) -> int:
    match node:
        case Choice(options):
            return 1 + sum(1 + sum(map(_length, option)) for option in options)
        case Repeat(item, least, most):
            return (_length(item) + 1) * (max(least, 1) + (0 if most is None else max(most - least, 0)))
        case _:
            return 1


def _steps(node: Node, at: int) -> Iterator[_Step]:
    """The steps of a node when the first stands at `at`; they lead on to the one after the last."""
    match node:
        case Choice(options):
            yield from _choice(options, at)
        case Repeat(item, least, most):
            yield from _repeat(item, least, most, at)
        case _:
            yield _Step(node, (at + 1,))


def _choice(options: tuple[tuple[Node, ...], ...], at: int) -> Iterator[_Step]:
    bodies: list[list[_Step]] = []
    starts: list[int] = []
    here = at + 1
    for option in options:
        starts.append(here)
        body = list(_row(option, here))
        bodies.append(body)
        here += len(body) + 1
    yield _Step(None, tuple(starts))
    for body in bodies:
        yield from body
        yield _Step(None, (here,))


def _row(nodes: tuple[Node, ...], at: int) -> Iterator[_Step]:
    for node in nodes:
        for step in _steps(node, at):
            yield step
            at += 1


def _repeat(item: Node, least: int, most: int | None, at: int) -> Iterator[_Step]:
    for _ in range(least):
        for step in _steps(item, at):
            yield step
            at += 1
    if most is None:
        body = list(_steps(item, at + 1))
        yield _Step(None, (at + 1, at + len(body) + 2))
        yield from body
        yield _Step(None, (at,))
        return
    for _ in range(most - least):
        body = list(_steps(item, at + 1))
        yield _Step(None, (at + 1, at + len(body) + 1))
        yield from body
        at += len(body) + 1
