"""A session sends, reads, and leaves nothing behind."""

from nexiom_runner.database.session import Session


def test_phases_run_as_the_owner_who_is_no_superuser(session: Session) -> None:
    assert (session.server.role, session.server.superuser) == ("nexiom_owner", False)
    assert session.round_trips == 1


def test_a_message_of_several_statements_returns_one_result_each(session: Session) -> None:
    created, inserted, chosen = session.send("create table t (a int, b text); insert into t values (1, null); select * from t")
    assert (created.tag, inserted.tag) == ("CREATE TABLE", "INSERT 0 1")
    assert [column.name for column in chosen.columns] == ["a", "b"]
    assert chosen.rows == (("1", None),)
