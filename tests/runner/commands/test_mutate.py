"""`nexiom test --mutate`: what no check notices is listed, with the check that would."""

import re
from typing import Any

import pytest


@pytest.fixture
def built(local: Any) -> Any:
    """A built project on the embedded server."""
    assert local.run("build").code == 0
    return local


def survivors(out: str) -> list[str]:
    return re.findall(r"^SURVIVED  (.*)$", out, re.MULTILINE)


def test_survivors_are_listed_with_the_check_that_is_missing(built: Any) -> None:
    ran = built.run("test", "--mutate")
    assert ran.code == 0
    assert (
        "SURVIVED  function totals says it is volatile\n"
        "          missing in phases/2_totals/phase.yml: `volatility:` of the function\n"
    ) in ran.out
    assert 'function totals leaves out the key "orders"' not in ran.out
    assert re.search(r"^\d+ of \d+ changes noticed \(\d+ %\), \d+ survived   in T$", ran.out, re.MULTILINE)


def test_a_check_that_is_added_notices(built: Any) -> None:
    before = survivors(built.run("test", "--mutate").out)
    text = built.read("phases/2_totals/phase.yml")
    built.write("phases/2_totals/phase.yml", text.replace("returns: jsonb", "returns: jsonb\n      volatility: stable"))
    after = survivors(built.run("test", "--mutate").out)
    assert set(before) - set(after) == {"function totals says it is volatile"}


def test_what_a_build_says_of_exposure_is_noticed(built: Any) -> None:
    assert "function totals runs as its owner" not in survivors(built.run("test", "--mutate").out)
    path = "phases/2_totals/repeatable/totals.sql"
    built.write(path, built.read(path).replace(" stable ", " stable security definer "))
    assert "it runs with its owner's rights, and no phase says why" in built.run("build").out


def test_fewer_noticed_than_asked_for_is_a_failure(built: Any) -> None:
    assert built.run("test", "--mutate", "--min-noticed", "100").code == 1
    assert built.run("test", "--mutate", "--min-noticed", "1").code == 0


def test_only_what_the_chosen_phases_speak_of_is_broken(built: Any) -> None:
    out = built.run("test", "--mutate", "--select", "2_totals").out
    assert survivors(out)
    assert all(line.startswith("function totals ") for line in survivors(out))


def test_nothing_is_broken_where_a_check_fails_already(built: Any) -> None:
    text = built.read("phases/2_totals/phase.yml")
    built.write("phases/2_totals/phase.yml", text.replace("int >= 1", "int >= 9"))
    ran = built.run("test", "--mutate")
    assert ran.code == 1
    assert ran.err.splitlines()[0] == "error: totals: counts fails before anything is changed"
    assert "state: Nothing was changed." in ran.err
    assert "hint: `nexiom build` says why; what fails already notices nothing." in ran.err


def test_a_protected_target_is_refused(built: Any, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_DSN", dsn)
    ran = built.run("test", "--mutate", "--target", "production")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1] == 'error: "production" is protected: no copy of its database is made'


def test_a_threshold_without_mutants_is_refused(shop: Any) -> None:
    ran = shop.run("test", "--min-noticed", "5")
    assert ran.code == 2
    assert "--min-noticed is for --mutate" in ran.err
