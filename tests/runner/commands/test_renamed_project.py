"""A project under another name finds the history of its old one: said before anything runs."""

ONE = (
    'this database has the history of project "shop" alone; was it renamed? No command moves a history to another '
    "name: put the name back in nexiom.yml, or use a database of its own"
)
TWO = (
    'this database has the history of projects "blog" and "shop" alone; was one of them renamed? No command moves a '
    "history to another name: put the name back in nexiom.yml, or use a database of its own"
)


def rename(shop, name: str) -> None:
    _, _, rest = shop.read("nexiom.yml").partition("\n")
    shop.write("nexiom.yml", f"name: {name}\n{rest}")


def test_plan_status_doctor_and_apply_say_so(staging) -> None:
    staging.run("apply", "--to", "1_orders")
    rename(staging, "store")
    assert staging.run("plan").out.startswith(f"note: {ONE}\nstore → staging ")
    assert staging.run("status").out.startswith(f"note: {ONE}\nphase ")
    assert f"note     ledger       {ONE}\n" in staging.run("doctor").out
    ran = staging.run("apply")
    assert (ran.code, ran.err) == (1, f"note: {ONE}\n")


def test_every_other_project_is_named(staging) -> None:
    staging.run("apply", "--to", "1_orders")
    rename(staging, "blog")
    staging.write("phases/1_orders/apply.sql", "select 1;\n")
    staging.run("apply", "--to", "1_orders")
    rename(staging, "store")
    assert staging.run("plan").out.startswith(f"note: {TWO}\n")


def test_project_that_has_a_history_of_its_own_is_told_nothing(staging) -> None:
    staging.run("apply", "--to", "1_orders")
    rename(staging, "store")
    staging.write("phases/1_orders/apply.sql", "select 1;\n")
    staging.run("apply", "--to", "1_orders")
    assert "note:" not in staging.run("plan").out


def test_embedded_database_can_be_emptied(local) -> None:
    local.run("apply", "--to", "1_orders")
    rename(local, "store")
    assert local.run("plan").out.startswith(f"note: {ONE}; `nexiom db reset` empties this one\n")
