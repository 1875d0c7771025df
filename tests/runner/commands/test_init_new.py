"""`nexiom init` and `nexiom new`: files that build, and never over one that is there."""


def test_init_writes_a_project_that_builds(local, monkeypatch) -> None:
    monkeypatch.chdir(local.root.parent)
    ran = local.run("init", "mine")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("wrote .gitattributes\n")
    assert ran.out.endswith("\nnext: cd mine && nexiom build\n")
    monkeypatch.chdir(local.root.parent / "mine")
    assert local.run("build").code == 0
    assert local.run("build", "-q").all == (0, "", "")
    local.run("db", "reset")


def test_next_step_can_be_pasted_into_a_shell(shop) -> None:
    assert shop.run("init", "pröj x").out.endswith("\nnext: cd 'pröj x' && nexiom build\n")


def test_everything_new_writes_builds(local) -> None:
    assert local.run("new", "phase", "Inbox reviews").all == (
        0,
        "wrote phases/3_inbox_reviews/phase.yml\nwrote phases/3_inbox_reviews/repeatable/inbox_reviews.sql\n"
        "wrote .nexiom/schemas: 3 JSON Schemas for editors\n"
        "\nnext: edit phases/3_inbox_reviews, then nexiom build\n",
        "",
    )
    assert local.run("new", "audit", "every table has a key").out == "wrote audits/every_table_has_a_key.sql\n"
    assert local.run("new", "test", "reviews").out == (
        "wrote tests/sql/test_reviews.sql\nwrote tests/sql/test_reviews.yml\n"
    )
    ran = local.run("build")
    assert (ran.code, ran.err) == (0, "")
    assert "\nREADY   3 phases" in ran.out


def test_init_in_a_project_is_refused(shop) -> None:
    assert shop.run("init").all == (
        2,
        "",
        'error: "." is a nexiom project already\nhint: `nexiom new phase NAME` adds to it; `nexiom build` builds it.\n',
    )


def test_init_overwrites_nothing_and_writes_nothing(shop) -> None:
    shop.write("other/README.md", "mine\n")
    ran = shop.run("init", "other")
    assert ran.all == (2, "", 'error: "README.md" is there already\nhint: Nothing was written.\n')
    assert [path.name for path in (shop.root / "other").iterdir()] == ["README.md"]
    assert shop.read("other/README.md") == "mine\n"


def test_new_overwrites_nothing(shop) -> None:
    shop.write("audits/keys.sql", "select 1 as object, null as problem, null as fix;\n")
    ran = shop.run("new", "audit", "keys")
    assert ran.all == (2, "", 'error: "audits/keys.sql" is there already\nhint: Nothing was written.\n')
    assert shop.read("audits/keys.sql").startswith("select 1")


def test_new_phase_of_a_number_that_is_taken(shop) -> None:
    assert shop.run("new", "phase", "2_more").all == (
        2,
        "",
        'error: phase "2_more" would have the number of "2_totals"\n'
        "hint: 3 is free; without a number the next one is taken.\n",
    )


def test_new_phase_of_a_name_that_is_taken(shop) -> None:
    assert shop.run("new", "phase", "Totals").all == (
        2,
        "",
        'error: phase "3_totals" would have the name of "2_totals"\n'
        "hint: Edit phases/2_totals, or name the new one otherwise: its function is called after it.\n",
    )


def test_name_of_which_no_file_can_be_made(shop) -> None:
    assert shop.run("new", "audit", "…").all == (
        2,
        "",
        'error: no file can be named after "…"\nhint: Give it some letters from a to z, or digits.\n',
    )


def test_new_outside_of_a_project_is_refused(shop) -> None:
    ran = shop.run("new", "phase", "x", "--project-dir", str(shop.root / "phases"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith('error: no nexiom.yml in "')
