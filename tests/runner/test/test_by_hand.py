"""One call made from Python: what cannot be called is told in words that fit there, and values arrive as they are."""

import pytest

from nexiom_runner.errors import UsageError, describe
from nexiom_runner.test.by_hand import call_by_hand

NEEDY = """
create function public.needy(p_data jsonb, p_day date default null) returns jsonb language sql
as $$ select jsonb_build_array(p_data, p_day) $$;
"""


@pytest.mark.parametrize(
    ("function", "arguments", "role", "message"),
    [
        (
            "needy",
            {},
            None,
            'error: function "needy" needs the argument "p_data"\nhint: Give p_data among the arguments.',
        ),
        (
            "needy",
            {"p_dta": 1},
            None,
            'error: function "needy" has no argument "p_dta"\nhint: Did you mean "p_data"?',
        ),
        ("needy", {"p_data": 1}, "anonn", 'error: there is no role "anonn"\nhint: Did you mean "anon"?'),
    ],
)
def test_what_cannot_be_called_says_what_to_do_in_python(session, function, arguments, role, message):
    session.send(NEEDY)
    with pytest.raises(UsageError) as caught:
        call_by_hand(session, function, arguments, role)
    assert [describe(fault) for fault in caught.value.faults] == [message]


def test_values_of_every_kind_arrive(session):
    session.send(NEEDY)
    data = {"text": "3", "number": 1.5, "list": [True, None], "object": {}}
    assert call_by_hand(session, "needy", {"p_data": data, "p_day": "2026-11-22"}) == (
        '[{"list": [true, null], "text": "3", "number": 1.5, "object": {}}, "2026-11-22"]'
    )
