"""`nexiom verify` and `nexiom ledger`: the chain, its head outside the database, and the ledger as a file."""

import json

import pytest

from nexiom_runner.database.session import Session
from nexiom_runner.ledger.chain import LIMITS

FIRST = "0" * 64
OTHER = "f" * 64


def hashes(session: Session) -> list[str]:
    return [str(row[0]) for row in session.send("select hash from nexiom.ledger order by number")[0].rows]


def tamper(admin_session: Session, change: str) -> None:
    admin_session.send(
        "alter table nexiom.ledger disable trigger refuse_change;"
        "alter table nexiom.ledger drop constraint ledger_holds, drop constraint ledger_follows;" + change
    )


def test_chain_that_holds_is_said_with_what_it_cannot_show(staging, session, database) -> None:
    staging.run("apply")
    assert staging.run("verify").all == (
        0,
        f'the chain holds: 2 entries of project "shop" in database "{database}"\n'
        f"head    {hashes(session)[1]}, NOW UTC\n"
        f"note: {LIMITS}\n",
        "",
    )


def test_anchored_head_that_is_the_newest_is_found(staging, session) -> None:
    staging.run("apply")
    ran = staging.run("verify", "--head", hashes(session)[1])
    assert ran.code == 0
    assert ran.out.endswith(
        "\nanchor  found as the newest entry: nothing was cut off, and nothing up to it was changed\n"
    )


def test_anchored_head_that_is_older_is_found_with_what_came_after(staging, session) -> None:
    staging.run("apply")
    ran = staging.run("verify", "--head", hashes(session)[0])
    assert ran.code == 0
    assert ran.out.endswith(
        "\nanchor  found as entry 1, followed by 1 entry: nothing up to it was changed; "
        "of what followed the chain alone speaks\n"
    )


def test_cut_tail_is_found_by_the_head_that_was_noted(staging, session, admin_session, database) -> None:
    staging.run("apply")
    kept, lost = hashes(session)
    noted = staging.run("ledger", "head").out
    tamper(admin_session, "delete from nexiom.ledger where number = 2")
    assert staging.run("verify").code == 0
    assert staging.run("verify", "--head", noted).all == (
        1,
        f'error: no entry of project "shop" in database "{database}" has the anchored head {lost}\n'
        f"detail: It has 1 entry, the newest with head {kept}.\n"
        "hint: Its newest entries were cut off, it was written anew, or an older point was restored; or the head is "
        "another ledger's.\n",
        "",
    )


def test_changed_entry_is_named(staging, session, admin_session) -> None:
    staging.run("apply")
    first, _ = hashes(session)
    tamper(admin_session, "update nexiom.ledger set entry = replace(entry, 'tester', 'nobody') where number = 1")
    ran = staging.run("verify")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("error: ledger entry 1 does not hold: expected hash ")
    assert f"found {first[:12]}…\ndetail: It says: applied 1_orders/apply.sql, " in ran.out
    assert ran.out.endswith(", by nobody.\nhint: Its text or its hash was changed.\n")


def test_json_says_the_same(staging, session, admin_session, database) -> None:
    staging.run("apply")
    newest = hashes(session)[1]
    good = json.loads(staging.run("verify", "--head", newest, "--format", "json").out)
    assert {key: good[key] for key in good if key != "at"} == {
        "project": "shop",
        "in": f'database "{database}"',
        "holds": True,
        "entries": 2,
        "head": newest,
        "fault": None,
        "anchor": {"head": newest, "state": "newest", "entries_after": 0},
        "note": None,
        "limits": None,
    }
    tamper(admin_session, "update nexiom.ledger set hash = repeat('0', 64) where number = 2")
    ran = staging.run("verify", "--format", "json")
    bad = json.loads(ran.out)
    assert (ran.code, bad["holds"], bad["anchor"], bad["limits"]) == (1, False, None, LIMITS)
    assert bad["fault"]["message"].startswith("ledger entry 2 does not hold: ")


def test_database_without_a_ledger_cannot_be_verified(staging, database) -> None:
    message = f'error: database "{database}" has no ledger of project "shop"\nhint: The first apply makes it.\n'
    for command in (("verify",), ("ledger", "head"), ("ledger", "export")):
        assert staging.run(*command).all == (2, "", message)


def test_head_of_nothing_is_refused(staging) -> None:
    assert staging.run("verify", "--head", FIRST).all == (
        2,
        "",
        "error: 64 zeros are the head of no entry: an anchor on nothing proves nothing\n"
        "hint: Note the head of a ledger with `nexiom ledger head`.\n",
    )


@pytest.mark.parametrize("head", ["12", OTHER + "0", ""])
def test_head_that_is_no_hash_is_refused(staging, head) -> None:
    ran = staging.run("verify", "--head", head)
    assert ran.code == 2
    assert f"invalid value for '--head': expected 64 hexadecimal digits, found {head}\n" in ran.err


def test_head_is_one_line_for_an_anchor(staging, session) -> None:
    staging.run("apply")
    ran = staging.run("ledger", "head", "-q")
    head, size, at = ran.out.strip().split("  ")
    assert (ran.code, head, size) == (0, hashes(session)[1], "2 entries")
    data = json.loads(staging.run("ledger", "head", "--format", "json").out)
    assert (data["project"], data["head"], data["entries"], data["target"]) == ("shop", head, 2, "staging")
    assert data["at"].startswith(at[:4])


def test_head_of_a_chain_that_does_not_hold_is_not_printed(staging, admin_session) -> None:
    staging.run("apply")
    tamper(admin_session, "update nexiom.ledger set hash = repeat('0', 64) where number = 2")
    ran = staging.run("ledger", "head")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ledger entry 2 does not hold: ")


def test_export_is_verified_without_a_database_or_a_project(staging, session, tmp_path, monkeypatch) -> None:
    staging.run("apply")
    first, newest = hashes(session)
    assert staging.run("ledger", "export", "ledger.jsonl").all == (0, f"2 entries to ledger.jsonl, head {newest}\n", "")
    assert staging.run("ledger", "export").out == staging.read("ledger.jsonl")
    monkeypatch.delenv("SHOP_DSN")
    monkeypatch.chdir(tmp_path)
    ran = staging.run("verify", "--against", "shop/ledger.jsonl", "--head", first)
    assert ran.code == 0
    assert ran.out.startswith('the chain holds: 2 entries of project "shop" in shop/ledger.jsonl\n')
    assert "anchor  found as entry 1, followed by 1 entry: " in ran.out


def test_changed_line_of_an_export_is_named(staging) -> None:
    staging.run("apply")
    staging.run("ledger", "export", "ledger.jsonl")
    staging.write("ledger.jsonl", staging.read("ledger.jsonl").replace("tester", "nobody", 1))
    ran = staging.run("verify", "--against", "ledger.jsonl")
    assert ran.code == 1
    assert ran.out.startswith("error: ledger entry 1 does not hold: ")


def test_file_that_cannot_be_read_is_told(staging) -> None:
    message = 'error: cannot read "none.jsonl": no such file or directory\n'
    assert staging.run("verify", "--against", "none.jsonl").all == (2, "", message)
    (staging.root / "bytes.jsonl").write_bytes(b"\xff")
    assert staging.run("ledger", "import", "bytes.jsonl").all == (
        2,
        "",
        'error: cannot read "bytes.jsonl": it is not UTF-8\n',
    )


def test_ledger_comes_into_a_database_that_was_moved(staging, session, database) -> None:
    staging.run("apply")
    staging.run("ledger", "export", "ledger.jsonl")
    session.send("drop schema nexiom cascade")
    ran = staging.run("ledger", "import", "ledger.jsonl")
    head = hashes(session)[-1]
    assert ran.all == (
        0,
        f'imported 2 entries from ledger.jsonl into database "{database}", head {head}\n',
        "",
    )
    assert staging.run("verify", "--head", head).code == 0
    assert staging.run("plan", "--check").code == 0
    last = staging.run("history").out.splitlines()[-1]
    assert f'the 2 entries before it come from database "{database}" of system ' in last


def test_import_over_a_ledger_is_refused(staging, database) -> None:
    staging.run("apply")
    staging.run("ledger", "export", "ledger.jsonl")
    assert staging.run("ledger", "import", "ledger.jsonl").all == (
        2,
        "",
        f'error: database "{database}" has a ledger of project "shop" already: 2 entries\n'
        "state: Nothing was imported.\n",
    )
