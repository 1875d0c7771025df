"""Definitions read into clauses: any text is read or refused, and case, space and defaults make no difference."""

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nexiom_runner.audit.clauses import Unreadable
from nexiom_runner.audit.kinds.constraints import read_constraint
from nexiom_runner.audit.kinds.parts import Parts
from nexiom_runner.audit.kinds.policies import read_policy
from nexiom_runner.audit.kinds.triggers import read_trigger
from nexiom_runner.project.grammar import NotUnderstood

READERS = (read_constraint, read_policy, read_trigger)
WORDS = (
    "primary key unique foreign references check exclude using with where include nulls not distinct deferrable "
    "initially deferred match full on delete update set null cascade no action valid inherit before after instead of "
    "insert or truncate for each row statement when execute function procedure referencing old new table as "
    "constraint from disabled enabled always replica permissive restrictive all select to ( ) , . = \"a B\" 'x' a b 1"
)
BEGIN = ("", "check (", "exclude using gist (", "foreign key (a) references ", "before update of ", "for all to ")


@settings(max_examples=300)
@given(st.sampled_from(BEGIN), st.lists(st.sampled_from(re.split(" ", WORDS)), max_size=12))
@example("exclude using gist (", ["a", "with", ")"])
@example("before update of ", [])
def test_any_words_are_read_or_refused(begin: str, words: list[str]) -> None:
    for read in READERS:
        with suppress(Unreadable, NotUnderstood):
            read(begin + " ".join(words))


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in READERS:
        with suppress(Unreadable, NotUnderstood):
            read(text)


@pytest.mark.parametrize(
    ("read", "one", "other"),
    [
        (read_constraint, "UNIQUE  ( A,\n b )", 'unique nulls distinct (a, "b") not deferrable initially immediate'),
        (read_constraint, "foreign key (a) references t(b)", "FOREIGN KEY (a) REFERENCES public.t (b) MATCH SIMPLE"),
        (read_constraint, "check (a) not valid no inherit", "CHECK (a) NO INHERIT NOT VALID"),
        (read_policy, "for all to public", "AS PERMISSIVE"),
        (read_policy, "to b, a using (x)", 'FOR ALL TO "a", b USING (x)'),
        (
            read_trigger,
            "after insert or delete execute function f()",
            "AFTER DELETE OR INSERT ON t EXECUTE FUNCTION f()",
        ),
        (
            read_trigger,
            "before update of b, a for each row execute procedure public.f('x')",
            "BEFORE UPDATE OF a, b ON s.t NOT DEFERRABLE INITIALLY IMMEDIATE FOR ROW EXECUTE FUNCTION f('x')",
        ),
    ],
)
def test_what_sql_takes_for_the_same_is_the_same(read: Callable[[str], Parts], one: str, other: str) -> None:
    assert read(one) == read(other)
