"""Why a way to a project on Supabase is closed, in words that say what it is there."""

import pytest

from nexiom_runner.database.refusals import explain_refusal
from nexiom_runner.database.supabase import told
from nexiom_runner.errors import describe
from nexiom_runner.project.hosted import Hosted, Road, ways_of
from nexiom_runner.project.model import Target

REF = "abcdefghijklmnopqrst"
HOST = f"db.{REF}.supabase.co"
POOLER = "aws-1-eu-central-1.pooler.supabase.com"
ALONE, POOLED = Hosted(REF), Hosted(REF, POOLER, "SHOP_PASSWORD")
UNREACHABLE = f'connection to server at "{HOST}" (2a05:d014:1c06::1), port 5432 failed: Network is unreachable'
UNKNOWN = f'could not translate host name "{HOST}" to address: No address associated with hostname'
CASES = {
    "no IPv6, a pooler": (
        POOLED,
        Road.DIRECT,
        UNREACHABLE,
        f"error: {HOST} has only an IPv6 address, and this machine has no IPv6 route\n"
        f"detail: {UNREACHABLE}\n"
        "hint: Use the session pooler: connection: session.",
    ),
    "no IPv6, no pooler": (
        ALONE,
        Road.DIRECT,
        UNREACHABLE,
        f"error: {HOST} has only an IPv6 address, and this machine has no IPv6 route\n"
        f"detail: {UNREACHABLE}\n"
        "hint: Copy the session pooler's host from Connect in the dashboard into pooler:, or buy the IPv4 add-on.",
    ),
    "no such name": (
        POOLED,
        Road.DIRECT,
        UNKNOWN,
        f'error: the name "{HOST}" is not known here: the project is paused or gone, or the name server gives no IPv6 '
        f"address\ndetail: {UNKNOWN}\n"
        f"hint: Look in the dashboard whether project {REF} runs. Use the session pooler: connection: session.",
    ),
    "no such pooler": (
        POOLED,
        Road.SESSION,
        f'could not translate host name "{POOLER}" to address: Name or service not known',
        f'error: the name "{POOLER}" is not known here\n'
        f'detail: could not translate host name "{POOLER}" to address: Name or service not known\n'
        "hint: Copy the host from Connect in the dashboard into pooler:.",
    ),
    "no route": (
        POOLED,
        Road.SESSION,
        "No route to host",
        f"error: there is no route from here to {POOLER}\ndetail: No route to host\n"
        "hint: Is this machine online, and may it reach that host?",
    ),
    "timeout": (
        POOLED,
        Road.TRANSACTION,
        "connection timeout expired",
        f"error: {POOLER}:6543 did not answer in time\ndetail: connection timeout expired\n"
        "hint: Does a firewall keep port 6543 closed from here? A paused project is started in the dashboard.",
    ),
    "another pooler": (
        POOLED,
        Road.SESSION,
        f"FATAL:  (ENOTFOUND) tenant/user postgres.{REF} not found",
        f'error: the pooler at {POOLER} knows no user "postgres.{REF}": the project is on another pooler, paused or '
        f"gone\ndetail: FATAL:  (ENOTFOUND) tenant/user postgres.{REF} not found\n"
        "hint: Copy the host from Connect in the dashboard into pooler:, and look whether the project runs.",
    ),
    "no password": (
        ALONE,
        Road.DIRECT,
        "fe_sendauth: no password supplied",
        'error: there is no password for role "postgres"\ndetail: fe_sendauth: no password supplied\n'
        "hint: Write password: {env: SUPABASE_DB_PASSWORD} into the target, and set that variable to the project's "
        "database password.",
    ),
    "wrong password": (
        POOLED,
        Road.DIRECT,
        'FATAL:  password authentication failed for user "postgres"',
        'error: the password of role "postgres" is not the right one\n'
        'detail: FATAL:  password authentication failed for user "postgres"\n'
        "hint: Set SHOP_PASSWORD to the project's database password: not an API key, nor that of your account.",
    ),
    "what is the same everywhere": (
        POOLED,
        Road.DIRECT,
        'FATAL:  database "shop" does not exist',
        'error: the server has no database "shop"\ndetail: FATAL:  database "shop" does not exist\n'
        "hint: Create the database, or correct its name in the DSN.",
    ),
    "what nobody knows": (
        POOLED,
        Road.SESSION,
        "FATAL:  (EDBHANDLEREXITED) connection to database closed",
        "error: cannot connect to the server\ndetail: FATAL:  (EDBHANDLEREXITED) connection to database closed",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_why_a_way_is_closed(case: str) -> None:
    hosted, road, said, message = CASES[case]
    way = next(way for way in ways_of(hosted, "correct-horse", {}) if way.road is road)
    facts = {"server": "the server", "user": way.user, "database": "shop"}
    fault = told(Target("prod", supabase=hosted), way, explain_refusal(said, facts).faults[0])
    assert describe(fault) == message
