"""Faults of a project's files: all of them at once, before a server is asked, exit code 2."""

import pytest


def refused(message: str) -> tuple[int, str, str]:
    return 2, "", message


def test_no_nexiom_yml_here_or_above(shop) -> None:
    shop.remove("nexiom.yml")
    told = shop.run("build", "--project-dir", str(shop.root))
    assert told.all == refused(
        f'error: no nexiom.yml in "{shop.root}"\n'
        f"detail: Looked in {shop.root}.\n"
        "hint: Begin a project here with `nexiom init`, or name its folder with --project-dir.\n"
    )


def test_a_project_is_found_from_a_folder_below(shop, monkeypatch) -> None:
    monkeypatch.chdir(shop.root / "phases" / "1_orders")
    assert shop.run("ls").all == (0, "1_orders  orders\n2_totals  Totals  (sales)\n", "")


def test_unknown_target_suggests_the_nearest(shop) -> None:
    assert shop.run("build", "--target", "stagin").all == refused(
        'error: unknown target "stagin" in --target\n'
        "detail: Targets in nexiom.yml: local, staging, production.\n"
        'hint: Did you mean "staging"?\n'
    )


def test_target_whose_variable_is_not_set(shop) -> None:
    assert shop.run("plan", "--target", "staging").all == refused(
        'error: target "staging" takes its DSN from the variable "SHOP_DSN", which is not set\n'
        "  nexiom.yml:9:3\n"
        "hint: Set it: export SHOP_DSN='postgresql://user@host:5432/database'.\n"
    )


def test_phase_without_sql(shop) -> None:
    shop.write("phases/3_empty/phase.yml", "title: Empty\n")
    assert shop.run("build").all == refused(
        'error: phase "3_empty" has no SQL\n'
        "hint: Write phases/3_empty/apply.sql, which runs once, or phases/3_empty/repeatable/NAME.sql, "
        "which runs again when it changes.\n"
    )


def test_same_name_twice(shop) -> None:
    shop.write("phases/01_orders/apply.sql", "select 1;\n")
    assert shop.run("build").all == refused(
        'error: phases "01_orders" and "1_orders" are the same name twice\n'
        "hint: Give one of them another number; `renamed_from: 1_orders` in its phase.yml keeps its history.\n"
    )


def test_unknown_need(shop) -> None:
    shop.write("phases/1_orders/phase.yml", "needs: [2_total]\n")
    assert shop.run("build").all == refused(
        'error: unknown phase "2_total" in "needs"\n'
        "  phases/1_orders/phase.yml:1:9\n"
        "    1 | needs: [2_total]\n"
        "      |         ^^^^^^^\n"
        'hint: Did you mean "2_totals"?\n'
    )


def test_cycle_is_told_by_its_edges(shop) -> None:
    shop.write("phases/1_orders/phase.yml", "needs: [3_end]\n")
    shop.write("phases/3_end/phase.yml", "needs: [1_orders]\n")
    shop.write("phases/3_end/apply.sql", "select 1;\n")
    assert shop.run("build").all == refused(
        'error: the order goes round: "1_orders" → "3_end" → "1_orders"\n'
        "  phases/1_orders/phase.yml:1:9\n"
        "    1 | needs: [3_end]\n"
        "      |         ^^^^^\n"
        'detail: "1_orders" waits for "3_end": needs: [3_end] at phases/1_orders/phase.yml:1:9. '
        '"3_end" waits for "1_orders": needs: [1_orders] at phases/3_end/phase.yml:1:9.\n'
        "hint: Take one of them away.\n"
    )


def test_need_on_a_later_phase_names_both_places(shop) -> None:
    shop.write("phases/3_view/apply.sql", "create view public.v as select * from public.later;\n")
    shop.write("phases/4_later/apply.sql", "create table public.later (id integer);\n")
    assert shop.run("plan").all == refused(
        'error: phase "3_view" needs table "public.later", which phase "4_later" creates after it\n'
        "  phases/3_view/apply.sql:1:46\n"
        "    1 | create view public.v as select * from public.later;\n"
        "      |                                              ^^^^^\n"
        "detail: It is created at phases/4_later/apply.sql:1:21.\n"
        "hint: Move one of them, or write into phases/3_view/phase.yml:  needs: [4_later]\n"
    )


def test_undefined_variable(shop) -> None:
    shop.write("phases/3_x/apply.sql", "select 1;\n\nselect {{ regoin | literal }};\n")
    assert shop.run("build").all == refused(
        'error: undefined variable "regoin"\n'
        "  phases/3_x/apply.sql:3:8\n"
        "    3 | select {{ regoin | literal }};\n"
        "      |        ^^^^^^^^^^^^^^^^^^^^^^\n"
        "hint: Did you mean var('region')?\n"
    )


def test_misspelt_variable_on_the_command_line(shop) -> None:
    ran = shop.run("ls", "--var", "regoin=us")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'error: unknown variable "regoin" in --var\nhint: Did you mean "region"?\n'


def test_undefined_secret(shop) -> None:
    shop.write("phases/3_x/apply.sql", "select '{{ secret('SHOP_KEYS') }}';\n")
    assert shop.run("build").all == refused(
        'error: unknown secret "SHOP_KEYS"\n'
        "  phases/3_x/apply.sql:1:9\n"
        "    1 | select '{{ secret('SHOP_KEYS') }}';\n"
        "      |         ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        'hint: Did you mean "SHOP_KEY"?\n'
    )


def test_audit_that_is_not_a_select(shop) -> None:
    shop.write("audits/orders.sql", "delete from public.orders;\n")
    assert shop.run("build").all == refused(
        'error: audit "audits/orders.sql" is not a SELECT: it is "delete from orders"\n'
        "  audits/orders.sql:1:1\n"
        "    1 | delete from public.orders;\n"
        "      | ^^^^^^\n"
        "hint: Write one row per object: select … as object, … as problem, … as fix; "
        "problem is null where all is well.\n"
    )


def test_faulty_audit_starts_no_server(shop) -> None:
    shop.write("audits/orders.sql", "delete from public.orders;\n")
    shop.run("build")
    assert not (shop.root.parent / "states").exists()


def test_shape_with_a_misspelt_type(shop) -> None:
    settings = "expect:\n  functions:\n    totals:\n      result: {orders: itn >= 1}\n"
    shop.write("phases/2_totals/phase.yml", settings)
    assert shop.run("build").all == refused(
        'error: expected a type, found "itn"\n'
        "  phases/2_totals/phase.yml:4:24\n"
        "    4 |       result: {orders: itn >= 1}\n"
        "      |                        ^^^\n"
        'hint: Did you mean "int"?\n'
    )


def test_every_fault_at_once_and_their_number(shop) -> None:
    shop.write("phases/3_x/apply.sql", "begin;\nselect 1;\ncommit;\n")
    hint = "hint: Take it out: a script runs in one transaction that nexiom begins and commits.\n"
    assert shop.run("build").all == refused(
        'error: "begin" controls the transaction\n  phases/3_x/apply.sql:1:1\n    1 | begin;\n      | ^^^^^\n'
        f'{hint}error: "commit" controls the transaction\n  phases/3_x/apply.sql:3:1\n'
        f"    3 | commit;\n      | ^^^^^^\n{hint}2 errors\n"
    )


UNREADABLE = {
    "NUL": (
        b"select 1;\nselect \0 2;\n",
        "error: a NUL character stands in the file\n"
        "  phases/3_x/apply.sql:2:8\n    2 | select � 2;\n      |        ^\n"
        "hint: PostgreSQL would silently ignore everything behind it; remove it.\n",
    ),
    "UTF-16": (
        "select 1;\n".encode("utf-16"),
        'error: "phases/3_x/apply.sql" is UTF-16, not UTF-8\n  phases/3_x/apply.sql:1:1\n'
        "hint: Windows PowerShell writes it; save the file as UTF-8 (Out-File -Encoding utf8).\n",
    ),
    "Latin-1": (
        "select 'é';\n".encode("latin-1"),
        "error: byte 0xe9 is not UTF-8\n  phases/3_x/apply.sql:1:9\n    1 | select '�';\n      |         ^\n"
        "hint: Save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 phases/3_x/apply.sql\n",
    ),
    "psql": (
        b"\\i other.sql\n",
        'error: psql meta-command "\\i" in a script\n  phases/3_x/apply.sql:1:1\n    1 | \\i other.sql\n'
        "      | ^^^^^^^^^^^^\nhint: Put the text of that file here, or a macro in macros/ and its call here.\n",
    ),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_script_that_cannot_be_sent_is_refused_with_its_place(shop, kind: str) -> None:
    content, message = UNREADABLE[kind]
    shop.write("phases/3_x/apply.sql", "")
    (shop.root / "phases/3_x/apply.sql").write_bytes(content)
    assert shop.run("build").all == refused(message)
