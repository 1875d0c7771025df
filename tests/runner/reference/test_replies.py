"""A message is answered once: by rule in French, or by an agent."""

from typing import Any

import pytest
from psycopg.errors import InvalidParameterValue, NoDataFound, UniqueViolation


def reply(studio: Any, message: object) -> Any:
    return studio.value("select public.auto_reply_stub(%(id)s)", id=message)


def test_reply_names_what_it_answers(studio: Any) -> None:
    message = studio.message("Ana")
    answer = reply(studio, message)
    assert studio.rows(
        "select r.direction, r.content_text, r.metadata ->> 'in_reply_to' as answers,"
        " r.conversation_id = m.conversation_id as together, m.answered_at is not null as answered"
        " from public.messages r, public.messages m where r.id = %(reply)s and m.id = %(message)s",
        reply=answer, message=message,
    ) == [
        {"direction": "outbound", "content_text": "Bonjour Ana, comment pouvons-nous vous aider ?",
         "answers": str(message), "together": True, "answered": True}
    ]  # fmt: skip


def test_reply_is_noted_in_its_conversation(studio: Any) -> None:
    answer = reply(studio, studio.message(age="1 day"))
    assert studio.value(
        "select c.last_message_at >= r.sent_at from public.conversations c, public.messages r where r.id = %(id)s",
        id=answer,
    )


def test_second_reply_is_the_first_one(studio: Any) -> None:
    message = studio.message()
    assert reply(studio, message) == reply(studio, message)
    assert studio.value("select count(*) from public.messages where direction = 'outbound'") == 1


def test_database_refuses_a_second_reply(studio: Any) -> None:
    message = studio.message()
    reply(studio, message)
    with pytest.raises(UniqueViolation):
        studio.rows(
            "insert into public.messages (conversation_id, channel, direction, metadata)"
            " select conversation_id, channel, 'outbound', jsonb_build_object('in_reply_to', id)"
            " from public.messages where id = %(id)s",
            id=message,
        )


def test_message_whose_reply_came_another_way_is_not_answered_again(studio: Any) -> None:
    message = studio.message()
    studio.rows(
        "insert into public.messages (conversation_id, channel, direction, metadata)"
        " select conversation_id, channel, 'outbound', jsonb_build_object('in_reply_to', id)"
        " from public.messages where id = %(id)s",
        id=message,
    )
    assert studio.run()["auto_replied"] == 0
    assert studio.value("select count(*) from public.messages") == 2


def test_quoting_inbound_message_is_no_reply(studio: Any) -> None:
    message = studio.message()
    studio.rows(
        "insert into public.messages (conversation_id, channel, direction, metadata)"
        " select conversation_id, channel, 'inbound', jsonb_build_object('in_reply_to', id)"
        " from public.messages where id = %(id)s",
        id=message,
    )
    assert studio.run()["auto_replied"] == 2


@pytest.mark.parametrize("direction", ["outbound", "system"])
def test_only_inbound_messages_are_answered(studio: Any, direction: str) -> None:
    message = studio.message()
    studio.rows("update public.messages set direction = %(direction)s", direction=direction)
    assert studio.run()["auto_replied"] == 0
    with pytest.raises(InvalidParameterValue, match="only inbound ones are answered"):
        reply(studio, message)


def test_reply_to_no_message_is_refused(studio: Any) -> None:
    with pytest.raises(NoDataFound):
        reply(studio, None)


def test_agent_answers_all_that_waits_in_a_conversation(studio: Any) -> None:
    studio.event("e1", age="2 minutes")
    studio.event("e2", age="1 minute")
    studio.value("select public.route_unrouted_events()")
    answer = studio.value("select public.respond_with_stub(id, 'Oui') from public.conversations")
    assert studio.run()["auto_replied"] == 0
    assert studio.value(
        "select m.provider_message_id from public.messages r join public.messages m"
        " on m.id::text = r.metadata ->> 'in_reply_to' where r.id = %(id)s", id=answer
    ) == "e2"  # fmt: skip
    earlier = studio.value("select public.auto_reply_stub(id) from public.messages where provider_message_id = 'e1'")
    assert earlier == answer


def test_agent_may_write_when_nothing_waits(studio: Any) -> None:
    studio.message()
    studio.run()
    studio.value("select public.respond_with_stub(id, 'Encore un mot') from public.conversations")
    assert studio.value("select metadata from public.messages where content_text = 'Encore un mot'") == {}


def test_empty_answer_and_unknown_conversation_are_refused(studio: Any) -> None:
    with pytest.raises(InvalidParameterValue, match="p_text must say something"):
        studio.value("select public.respond_with_stub(gen_random_uuid(), ' ')")
    with pytest.raises(NoDataFound):
        studio.value("select public.respond_with_stub(gen_random_uuid(), 'Oui')")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Quels sont vos prix ?", "nos tarifs"),
        ("J'ai un problème", "désolés"),
        ("Je veux parler au responsable", "Un conseiller prend le relais"),
        ("Je voudrais un rendez-vous", "rendez-vous"),
        ("azerty", "merci pour votre message"),
        (None, "merci pour votre message"),
    ],
)
def test_template_answers_what_was_asked(studio: Any, text: str | None, part: str) -> None:
    message = studio.message()
    studio.rows("update public.messages set content_text = %(text)s", text=text)
    assert part in studio.value("select public.ai_reply_template(%(id)s)", id=message)


def test_limits_of_answering(studio: Any) -> None:
    for _ in range(51):
        studio.message()
    assert studio.value("select public.auto_reply_recent_inbound(null, null)") == 50
    for call in (
        "select public.auto_reply_recent_inbound(p_limit => -1)",
        "select public.auto_reply_recent_inbound(p_since => '-1 hour')",
    ):
        with pytest.raises(InvalidParameterValue, match="must not be negative"):
            studio.value(call)
