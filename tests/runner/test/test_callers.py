"""Who calls: users with the claims of a token, as the functions of a platform read them."""

from nexiom_runner.errors import Place
from nexiom_runner.results import Outcome

UID = """
create function public.uid() returns jsonb language sql stable as $$
  select jsonb_build_object(
    'uid', coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
      current_setting('request.jwt.claims', true)::jsonb ->> 'sub'),
    'claims', current_setting('request.jwt.claims')::jsonb, 'role', current_user,
    'email', current_setting('request.jwt.claim.email', true)) $$;
"""


def outcomes(bench):
    return [(result.role, result.outcome, result.differences) for result in bench.look()]


def test_a_user_of_nexiom_yml_calls_with_its_claims(bench):
    bench.settings = "users: {anna: {role: authenticated, claims: {sub: a1, email: anna@example.org}}}\n"
    bench.phase(
        UID,
        """
        uid:
          result:
            uid: in(a1)
            claims: {sub: in(a1), email: in("anna@example.org"), role: in(authenticated)}
            role: in(authenticated)
            email: in("anna@example.org")
          calls: {hers: {as: anna}}
        """,
    )
    assert outcomes(bench) == [("anna", Outcome.PASS, ())]


def test_a_user_of_one_phase_is_known_in_the_others(bench):
    bench.phase("", name="02_users", head="users: {anna: {role: anon, claims: {sub: a1}}}\n")
    bench.phase(UID, "uid: {result: {uid: in(a1), $open: true}, calls: {hers: {as: anna}}}")
    assert outcomes(bench) == [("anna", Outcome.PASS, ())]


def test_claims_may_stand_in_the_call_and_are_shown_by_their_role(bench):
    bench.phase(
        UID, "uid: {result: {uid: in(x), $open: true}, calls: {it: {as: {role: anon, claims: {sub: x, n: {a: [1]}}}}}}"
    )
    assert outcomes(bench) == [("anon", Outcome.PASS, ())]


def test_a_secret_claim_is_sent(bench):
    bench.secrets = {"KEY": "it's"}
    bench.phase(
        UID,
        """uid:
          result: {claims: {key: 'in("it''s")', role: any}, $open: true}
          calls: {it: {as: {role: anon, claims: {key: {$secret: KEY}}}}}""",
    )
    assert outcomes(bench) == [("anon", Outcome.PASS, ())]


def test_a_claim_whose_secret_is_not_set_is_an_error(bench):
    bench.secrets = {"KEY": None}
    bench.phase(UID, "uid: {calls: {it: {as: {role: anon, claims: {key: {$secret: KEY}}}}}}")
    (result,) = bench.look()
    assert (result.outcome, result.message) == (Outcome.ERROR, 'secret "KEY" is not set')
    assert result.fix == "Set KEY in the environment or in a file of env_files."


def test_claims_of_one_call_are_gone_in_the_next(bench):
    bench.phase(
        UID,
        """uid:
          calls:
            with claims: {as: {role: anon, claims: {sub: x}}, result: {uid: in(x), $open: true}}
            without: {as: anon, result: {uid: null, $open: true}}""",
    )
    assert [outcome for _, outcome, _ in outcomes(bench)] == [Outcome.PASS, Outcome.PASS]


def test_a_name_that_is_neither_role_nor_user_suggests_both(bench):
    bench.settings = "users: {anna: {role: authenticated}}\n"
    bench.phase(UID, "uid: {calls: {it: {as: ana}}}")
    (result,) = bench.look()
    assert (result.outcome, result.message) == (Outcome.ERROR, 'there is no role or user "ana"')
    assert (result.fix, result.place) == ('Did you mean "anna"?', Place("phases/01_core/phase.yml", 4, 19))


def test_each_cell_of_a_matrix_is_a_check_of_its_own(bench):
    bench.settings = (
        "users:\n  anna: {role: authenticated, claims: {sub: a}}\n  bert: {role: authenticated, claims: {sub: b}}\n"
    )
    bench.phase(
        """
        create table public.notes (owner text, body text);
        alter table public.notes enable row level security;
        create policy own on public.notes to authenticated
          using (owner = current_setting('request.jwt.claims', true)::jsonb ->> 'sub');
        grant select on public.notes to authenticated, service_role;
        create function public.read_notes() returns setof public.notes language sql stable
          as 'select * from public.notes';
        """,
        """
        read_notes:
          calls:
            who reads what:
              given: {notes: [{owner: a, body: x}, {owner: a, body: y}, {owner: b, body: z}]}
              result: [{owner: text, body: text}]
              matrix:
                anon: {raises: 42501}
                anna: {rows: 2}
                bert: {rows: {count: 1, each: {owner: in(b), body: text}}}
                service_role: {rows: 3}
        """,
    )
    results = bench.look()
    assert [result.place.line for result in results] == [11, 12, 13, 14]
    found = [(result.role, result.outcome, result.cell) for result in results]
    assert found == [
        ("anon", Outcome.PASS, "42501"),
        ("anna", Outcome.PASS, "2 rows"),
        ("bert", Outcome.PASS, "1 row"),
        ("service_role", Outcome.PASS, "3 rows"),
    ]
