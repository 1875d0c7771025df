"""`nexiom call`: a function called as the API would call it, its JSON printed."""

import pytest

from nexiom_runner.database.session import Session

ADD = """\
create or replace function public.add_order(p_amount integer, p_more jsonb default '[]') returns jsonb
language plpgsql as $$
begin
  if p_amount < 0 then
    raise exception 'an amount is not negative' using errcode = '22023', hint = 'Give more.';
  end if;
  insert into public.orders select max(id) + 1, p_amount from public.orders;
  return jsonb_build_object('amount', p_amount, 'price', 1.10, 'more', p_more);
end
$$;
"""


@pytest.fixture
def shop_with_add(staging):
    """A volatile function with a default beside the stable one."""
    staging.write("phases/3_add/repeatable/add_order.sql", ADD)
    staging.run("apply")
    return staging


def rows(session: Session) -> int:
    return int(session.send("select count(*) from public.orders")[0].rows[0][0])


def test_argument_that_is_needed_is_asked_for_behind_the_function(shop_with_add) -> None:
    assert shop_with_add.run("call", "add_order").all == (
        2,
        "",
        'error: function "add_order" needs the argument "p_amount"\nhint: Give p_amount=… behind the function.\n',
    )


def test_json_is_printed_and_the_work_committed(shop_with_add, session) -> None:
    ran = shop_with_add.run("call", "add_order", "p_amount=5")
    assert ran.all == (
        0,
        '{\n  "more": [],\n  "price": 1.10,\n  "amount": 5\n}\n',
        "select public.add_order(p_amount => 5)   T\n",
    )
    assert rows(session) == 2


def test_rollback_undoes_the_work(shop_with_add, session) -> None:
    ran = shop_with_add.run("call", "add_order", "p_amount=5", "--rollback")
    assert (ran.code, ran.err) == (0, "select public.add_order(p_amount => 5)   T, rolled back\n")
    assert rows(session) == 1


def test_json_arguments_keep_their_numbers(shop_with_add) -> None:
    ran = shop_with_add.run("call", "add_order", "p_amount=5", 'p_more=[1.0, 2, {"a": null}]', "--format", "json")
    assert '"more": [1.0, 2, {"a": null}]' in ran.out


def test_failing_function_is_told_and_rolled_back(shop_with_add, session) -> None:
    ran = shop_with_add.run("call", "add_order", "p_amount=-1")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "error: an amount is not negative\n"
        "detail: PostgreSQL reported SQLSTATE 22023. "
        "PL/pgSQL function add_order(integer,jsonb) line 4 at RAISE\n"
        "state: select public.add_order(p_amount => -1) was rolled back.\n"
        "hint: Give more.\n"
    )
    assert rows(session) == 1


WHO = """\
create or replace function public.who() returns jsonb language sql stable as
  $$ select current_setting('request.jwt.claims')::jsonb $$;
grant execute on function public.who() to authenticated;
"""


def test_as_a_user_with_claims(staging) -> None:
    staging.write(
        "nexiom.yml", staging.read("nexiom.yml") + "users: {anna: {role: authenticated, claims: {sub: a1}}}\n"
    )
    staging.write("phases/3_who/repeatable/who.sql", WHO)
    staging.run("apply")
    assert staging.run("call", "who", "--as", "anna").out == '{\n  "sub": "a1",\n  "role": "authenticated"\n}\n'
    refused = staging.run("call", "who", "--as", "ana")
    assert (refused.code, refused.err) == (2, 'error: there is no role or user "ana"\nhint: Did you mean "anna"?\n')


def test_as_a_role_that_may_not(shop_with_add) -> None:
    ran = shop_with_add.run("call", "totals", "--as", "anon")
    assert ran.all == (
        1,
        "",
        "error: permission denied for function totals\n"
        "detail: PostgreSQL reported SQLSTATE 42501.\n"
        "state: select public.totals() was rolled back.\n",
    )


REFUSED = {
    "a function that is not there": (
        ["total"],
        'error: there is no function "total"\nhint: Did you mean "totals"?\n',
    ),
    "an argument it has not": (
        ["totals", "p_x=1"],
        'error: function "totals" has no argument "p_x"\nhint: It takes no arguments.\n',
    ),
    "a word that is no argument": (
        ["totals", "p_x"],
        'error: expected KEY=VALUE, found "p_x"\nhint: For example: p_limit=50\n',
    ),
    "a role that is not there": (
        ["totals", "--as", "anonn"],
        'error: there is no role "anonn"\nhint: Did you mean "anon"?\n',
    ),
    "JSON that is none": (
        ["add_order", "p_amount=1", "p_more=[1,"],
        "error: the value of p_more is not JSON: expecting value at character 4\n",
    ),
}


def test_a_function_of_a_phase_that_is_not_applied_is_told(staging) -> None:
    staging.write("phases/3_add/repeatable/add_order.sql", ADD)
    assert staging.run("call", "add_order", "p_amount=1").all == (
        2,
        "",
        'error: there is no function "add_order"\nhint: 3_add creates it and is not applied: nexiom build\n',
    )


@pytest.mark.parametrize("case", REFUSED)
def test_call_that_cannot_be_made_is_refused(shop_with_add, session, case: str) -> None:
    arguments, message = REFUSED[case]
    assert shop_with_add.run("call", *arguments).all == (2, "", message)
    assert rows(session) == 1


def test_protected_target_calls_no_volatile_function(shop_with_add, session) -> None:
    ran = shop_with_add.run("call", "add_order", "p_amount=5", "--target", "production")
    assert ran.all == (
        2,
        "",
        'error: target "production" is protected and public.add_order(integer,jsonb) is volatile\n'
        "hint: Only STABLE and IMMUTABLE functions are called there.\n",
    )
    assert rows(session) == 1


def test_protected_target_calls_a_stable_function(shop_with_add) -> None:
    ran = shop_with_add.run("call", "totals", "--target", "production")
    assert (ran.code, ran.out) == (0, '{\n  "orders": 1\n}\n')
