"""A project on Supabase as a target: its keys, and the three ways they come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from nexiom_runner.errors import TargetError, describe
from nexiom_runner.project.hosted import Hosted, Road, ways_of
from nexiom_runner.project.targets import resolve_target

REF = "abcdefghijklmnopqrst"
POOLER = "aws-1-eu-central-1.pooler.supabase.com"


def settings(supabase: str, more: str = "") -> dict[str, str]:
    return {"nexiom.yml": f"name: shop\ntargets:\n  prod:\n    supabase: {{{supabase}}}\n{more}"}


def ways(load, supabase: str, **environ: str) -> list[tuple[str, str, str]]:
    project = load(settings(supabase))
    return [(way.road, way.place, way.user) for way in resolve_target(project, "prod", environ).ways]


def test_ref_alone_leads_to_the_direct_host(load) -> None:
    assert ways(load, f"ref: {REF}") == [("direct", f"db.{REF}.supabase.co:5432", "postgres")]


@pytest.mark.parametrize("pooler", [f"pooler: {POOLER}", "pooler: aws-1, region: eu-central-1"])
def test_pooler_adds_both_its_modes_with_the_ref_in_the_user(load, pooler: str) -> None:
    assert ways(load, f"ref: {REF}, {pooler}, role: deployer")[1:] == [
        ("session", f"{POOLER}:5432", f"deployer.{REF}"),
        ("transaction", f"{POOLER}:6543", f"deployer.{REF}"),
    ]


def test_ways_are_libpqs_text_with_tls_and_the_password_of_the_variable(load) -> None:
    project = load(settings(f"ref: {REF}, password: {{env: SHOP_PASSWORD}}, database: shop"))
    (way,) = resolve_target(project, "prod", {"SHOP_PASSWORD": "it's \\ here"}).ways
    assert conninfo_to_dict(way.dsn) == {
        "host": f"db.{REF}.supabase.co",
        "port": "5432",
        "user": "postgres",
        "password": "it's \\ here",
        "dbname": "shop",
        "sslmode": "require",
        "connect_timeout": "5",
    }
    assert "here" not in repr(way)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_any_password_reaches_libpq_as_it_is(password: str) -> None:
    (way,) = ways_of(Hosted(REF), password, {})
    assert conninfo_to_dict(way.dsn)["password"] == password


def test_no_variable_leaves_the_password_to_libpq() -> None:
    assert "password" not in conninfo_to_dict(ways_of(Hosted(REF), None, {})[0].dsn)


def test_way_that_is_named_and_a_timeout_of_the_user_have_their_time() -> None:
    named, timed = Hosted(REF, connection=Road.DIRECT), {"PGCONNECT_TIMEOUT": "60"}
    assert "connect_timeout" not in ways_of(named, None, {})[0].dsn + ways_of(Hosted(REF), None, timed)[0].dsn


@pytest.mark.parametrize(
    ("place", "host", "port"),
    [("127.0.0.1:6000", "127.0.0.1", "6000"), ("[::1]:6000", "::1", "6000"), ("/run/proxy:5432", "/run/proxy", "5432")],
)
def test_hosts_lead_elsewhere(place: str, host: str, port: str) -> None:
    way = ways_of(Hosted(REF, hosts={Road.SESSION: place}), None, {})[1]
    assert (way.road, way.host, way.port, way.user) == ("session", host, port, f"postgres.{REF}")


def test_dsn_of_the_environment_stands_in_for_a_project(load) -> None:
    project = load(settings(f"ref: {REF}"))
    found = resolve_target(project, None, {"NEXIOM_TARGET": "prod", "NEXIOM_DSN": "host=x"})
    assert (found.dsn, found.supabase, found.ways) == ("host=x", None, ())


@pytest.mark.parametrize(("environ", "state"), [({}, "is not set"), ({"SHOP_PASSWORD": ""}, "is empty")])
def test_password_that_is_not_set(load, environ: dict[str, str], state: str) -> None:
    project = load(settings(f"ref: {REF}, password: {{env: SHOP_PASSWORD}}"))
    with pytest.raises(TargetError) as caught:
        resolve_target(project, "prod", environ)
    assert describe(caught.value.faults[0]) == (
        f'error: target "prod" takes its password from the variable "SHOP_PASSWORD", which {state}\n'
        "  nexiom.yml:3:3\nhint: Set SHOP_PASSWORD to the project's database password."
    )


FAULTS = {
    "no ref": (
        "pooler: aws-0",
        'key "ref" is missing in "targets.prod.supabase"',
        None,
    ),
    "a ref of another form": (
        "ref: my-project",
        'key "targets.prod.supabase.ref" expects a project\'s ref, 20 lower-case letters, found "my-project"',
        "It stands in the dashboard's address and in its Project settings.",
    ),
    "an address for a ref": (
        f"ref: 'https://{REF}.supabase.co'",
        'key "targets.prod.supabase.ref" expects a project\'s ref, 20 lower-case letters, '
        f'found "https://{REF}.supabase.co"',
        f"Write {REF}.",
    ),
    "a slip in a key": (f"ref: {REF}, poler: aws-0", 'unknown key "poler" in "targets.prod.supabase"', "pooler"),
    "a cluster without its region": (
        f"ref: {REF}, pooler: aws-0",
        'key "targets.prod.supabase.pooler" is "aws-0", and no region is written',
        "Write region: beside it, or the whole host as the dashboard's Connect shows it.",
    ),
    "a region without a pooler": (
        f"ref: {REF}, region: eu-central-1",
        'key "targets.prod.supabase.region" is written without "pooler"',
        "Copy the pooler's host from Connect in the dashboard into pooler: its number is the project's own.",
    ),
    "a whole host and a region": (
        f"ref: {REF}, pooler: {POOLER}, region: eu-central-1",
        'key "targets.prod.supabase.pooler" is a whole host, and a region is written too',
        "Take region out.",
    ),
    "a region of another form": (
        f"ref: {REF}, pooler: aws-0, region: Frankfurt",
        'key "targets.prod.supabase.region" expects a region such as eu-central-1, found "Frankfurt"',
        None,
    ),
    "a way whose host is not known": (
        f"ref: {REF}, connection: session",
        'key "targets.prod.supabase.connection" is "session", and no pooler is written',
        "Copy the pooler's host from Connect in the dashboard into pooler.",
    ),
    "a way that is none": (
        f"ref: {REF}, connection: sesion",
        'key "targets.prod.supabase.connection" expects direct, session or transaction, found "sesion"',
        'Did you mean "session"?',
    ),
    "no TLS over the Internet": (
        f"ref: {REF}, sslmode: prefer",
        'key "targets.prod.supabase.sslmode" is "prefer", which lets the password travel in the open',
        "Write require, verify-ca or verify-full.",
    ),
    "a place without a port": (
        f"ref: {REF}, hosts: {{direct: localhost}}",
        'key "targets.prod.supabase.hosts.direct" expects HOST:PORT, found "localhost"',
        None,
    ),
    "a password in the open": (
        f"ref: {REF}, password: correct-horse",
        'key "targets.prod.supabase.password" holds a password in the open, line 4',
        "Write password: {env: SUPABASE_DB_PASSWORD}, set that variable, and give the role another password.",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_wrong_is_told(refused, case: str) -> None:
    supabase, message, hint = FAULTS[case]
    (said,) = refused(settings(supabase))
    assert said.startswith(f"error: {message}\n")
    assert hint is None or hint in said.split("\nhint: ")[1]


def test_no_message_shows_a_password_that_was_written(refused) -> None:
    said = refused(settings("ref: short, password: correct-horse"))
    assert len(said) == 2
    assert "correct-horse" not in "".join(said)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("    dsn: host=x\n", 'target "prod" has both "dsn" and "supabase"'),
        ("    embedded: true\n", 'target "prod" has both "embedded" and "supabase"'),
        ("    direct_dsn: host=x\n", 'target "prod" is on Supabase, and has a "direct_dsn"'),
    ],
)
def test_project_is_the_only_way_a_target_says(refused, more: str, message: str) -> None:
    (said,) = refused(settings(f"ref: {REF}", more))
    assert said.startswith(f"error: {message}\n")
