"""Command lines that ask for what cannot be: exit code 2, the nearest name, nothing touched."""

import pytest

CASES = {
    "unknown command": (
        ["bild"],
        'error: no command "bild"; did you mean `nexiom build`?\nhint: `nexiom --help` shows what it takes\n',
    ),
    "unknown command, none near": (
        ["xyzzy"],
        'error: no command "xyzzy"\nhint: `nexiom --help` shows what it takes\n',
    ),
    "unknown command of a command": (
        ["ledger", "haed"],
        'error: no command "haed" in `nexiom ledger`; did you mean `nexiom ledger head`?\n'
        "hint: `nexiom ledger --help` shows what it takes\n",
    ),
    "unknown command of a command, none near": (
        ["db", "xyzzy"],
        'error: no command "xyzzy" in `nexiom db`; there are reset, start, status, stop, url\n'
        "hint: `nexiom db --help` shows what it takes\n",
    ),
    "unknown option": (
        ["build", "--fali-on", "pending"],
        "error: no such option '--fali-on'. Did you mean '--fail-on'?\n"
        "hint: `nexiom build --help` shows what it takes\n",
    ),
    "unknown format of --out": (
        ["build", "--out", "xml=report.xml"],
        "error: invalid value for '--out': expected junit|json|markdown|sarif|github=PATH, found xml=report.xml\n"
        "hint: `nexiom build --help` shows what it takes\n",
    ),
    "--out without a path": (
        ["build", "--out", "junit"],
        "error: invalid value for '--out': expected junit|json|markdown|sarif|github=PATH, found junit\n"
        "hint: `nexiom build --help` shows what it takes\n",
    ),
    "--out into a folder that cannot be": (
        ["build", "--out", "junit=nexiom.yml/junit.xml"],
        "error: invalid value for '--out': cannot write \"nexiom.yml/junit.xml\": "
        '"{root}/nexiom.yml" is not a directory\nhint: `nexiom build --help` shows what it takes\n',
    ),
    "--out onto a folder": (
        ["build", "--out", "junit=phases"],
        "error: invalid value for '--out': cannot write \"phases\": is a directory\n"
        "hint: `nexiom build --help` shows what it takes\n",
    ),
    "--out of a command without results": (
        ["plan", "--out", "json=plan.json"],
        "error: --out writes what build, apply, audit, test, lint, rehearse, report find; this command finds nothing\n"
        "hint: `nexiom plan --help` shows what it takes\n",
    ),
    "--var without a value": (
        ["build", "--var", "region"],
        "error: invalid value for '--var': expected NAME=VALUE, found region\n"
        "hint: `nexiom build --help` shows what it takes\n",
    ),
    "--fail-on misspelt": (
        ["build", "--fail-on", "pendng"],
        "error: invalid value for '--fail-on': expected pending, warn, skip, found pendng\n"
        "hint: `nexiom build --help` shows what it takes\n",
    ),
    "accept without a reason": (
        ["accept", "1_orders"],
        "error: missing option '--reason'\nhint: `nexiom accept --help` shows what it takes\n",
    ),
    "sql of a file that is not there": (["sql", "nothere.sql"], 'error: no file "nothere.sql"\n'),
    "sql of nothing": (["sql"], "error: expected a FILE or -c SQL\nhint: For example: nexiom sql -c 'select 1'\n"),
    "an unknown phase": (
        ["ls", "--select", "2_total"],
        'error: no phase is named "2_total"\nhint: Did you mean "2_totals"?\n',
    ),
    "an unknown tag": (["graph", "--select", "tag:x"], 'error: no phase has the tag "x"\n'),
    "protected and not named": (
        ["plan"],
        'error: target "production" is protected and not named by --target\nhint: Name it: --target production.\n',
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused_before_anything_is_touched(shop, case: str, monkeypatch) -> None:
    if case.startswith("protected"):
        monkeypatch.setenv("NEXIOM_TARGET", "production")
    arguments, message = CASES[case]
    assert shop.run(*arguments).all == (2, "", message.replace("{root}", str(shop.root)))


def test_to_an_unknown_phase(staging) -> None:
    ran = staging.run("apply", "--to", "2_total")
    assert (ran.code, ran.err) == (2, 'error: --to names no phase: "2_total"\nhint: Did you mean "2_totals"?\n')


@pytest.mark.parametrize("dsn", ["postgresql://nobody@127.0.0.1:1/nothing", ""])
def test_build_is_refused_on_a_protected_target_before_connecting(shop, monkeypatch, dsn) -> None:
    monkeypatch.setenv("SHOP_DSN", dsn)
    assert shop.run("build", "--target", "production").all == (
        2,
        "",
        'error: target "production" is protected: build does not run there\n'
        "hint: `nexiom apply --target production` applies; `nexiom report --target production` checks.\n",
    )
