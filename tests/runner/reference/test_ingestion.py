"""Events come in once, become conversations and messages once, and are analysed by rule."""

from typing import Any

import pytest
from psycopg.errors import CheckViolation, InvalidParameterValue, NoDataFound

ROUTE = "select public.ingest_route_analyze('instagram', 'message', %(id)s, %(author)s, 'Zoe', %(content)s)"


def route(studio: Any, event_id: str, author: str | None = "zoe", content: str | None = "Bonjour") -> Any:
    return studio.value(ROUTE, id=event_id, author=author, content=content)


def test_same_event_twice_is_kept_once_as_it_first_came(studio: Any) -> None:
    ingest = "select public.ingest_webhook_event('whatsapp', 'message', 'e1', 'ana', 'Ana', %(content)s)"
    first = studio.value(ingest, content="first")
    again = studio.value(ingest, content="again")
    assert (first["created"], again["created"], first["id"] == again["id"]) == (True, False, True)
    assert studio.value("select content from public.webhook_events") == "first"


def test_same_event_id_on_two_channels_is_two_events(studio: Any) -> None:
    for channel in ("whatsapp", "facebook"):
        studio.value("select public.ingest_webhook_event(%(c)s, 'message', 'e1')", c=channel)
    assert studio.value("select count(*) from public.webhook_events") == 2


def test_what_a_provider_leaves_out_gets_a_date_and_an_empty_payload(studio: Any) -> None:
    studio.value(
        "select public.ingest_webhook_event('tiktok', 'comment', 'e1', null, null, null, null, null, null, null)"
    )
    assert studio.rows("select event_date is not null as dated, raw_payload from public.webhook_events") == [
        {"dated": True, "raw_payload": {}}
    ]


@pytest.mark.parametrize(("channel", "kind"), [("fax", "message"), ("whatsapp", "call")])
def test_unknown_channel_or_type_is_refused(studio: Any, channel: str, kind: str) -> None:
    with pytest.raises(CheckViolation):
        studio.value("select public.ingest_webhook_event(%(channel)s, %(kind)s, 'e1')", channel=channel, kind=kind)


def test_event_without_an_id_is_refused(studio: Any) -> None:
    with pytest.raises(InvalidParameterValue, match="p_event_id must name the event"):
        studio.value("select public.ingest_webhook_event('whatsapp', 'message', '')")


def test_routed_event_is_a_message_of_a_new_contact(studio: Any) -> None:
    ids = route(studio, "e1")
    assert studio.rows(
        "select m.id::text as message_id, c.id::text as conversation_id, p.full_name, m.direction, m.content_text,"
        " m.provider_message_id, l.external_id, c.last_message_at = m.sent_at as noted"
        " from public.messages m join public.conversations c on c.id = m.conversation_id"
        " join public.contacts p on p.id = m.contact_id join public.contact_channels l on l.contact_id = p.id"
    ) == [
        {**ids, "full_name": "Zoe", "direction": "inbound", "content_text": "Bonjour", "provider_message_id": "e1",
         "external_id": "zoe", "noted": True}
    ]  # fmt: skip


def test_routing_the_same_event_again_gives_the_same_ids(studio: Any) -> None:
    assert route(studio, "e1") == route(studio, "e1", content="changed")
    assert studio.value("select count(*) from public.messages") == 1


def test_same_author_writes_in_one_conversation_until_it_is_closed(studio: Any) -> None:
    first, second = route(studio, "e1"), route(studio, "e2")
    studio.rows("update public.conversations set status = 'closed'")
    third = route(studio, "e3")
    assert first["conversation_id"] == second["conversation_id"] != third["conversation_id"]
    assert studio.value("select count(*) from public.contacts") == 1


def test_whatsapp_number_that_is_known_is_the_same_contact(studio: Any) -> None:
    contact = studio.value("insert into public.contacts (whatsapp_phone) values ('+336') returning id")
    studio.value("select public.ingest_route_analyze('whatsapp', 'message', 'e1', '+336', 'Ana', 'Bonjour')")
    assert studio.value("select contact_id from public.messages") == contact


def test_event_of_a_known_conversation_needs_no_author(studio: Any) -> None:
    talk = route(studio, "e1")["conversation_id"]
    studio.value(
        "select public.ingest_webhook_event('instagram', 'message', 'e2', p_conversation_id => %(talk)s)", talk=talk
    )
    assert studio.value("select public.route_webhook_event('instagram', 'e2')")["conversation_id"] == talk


def test_event_without_an_author_is_refused(studio: Any) -> None:
    with pytest.raises(InvalidParameterValue, match="an event without an author has no conversation"):
        route(studio, "e1", author=None)
    assert studio.value("select count(*) from public.webhook_events") == 0


@pytest.mark.parametrize(
    ("text", "intent", "sentiment", "escalate"),
    [
        ("Bonjour, quels sont vos TARIFS ?", "pricing", "neutral", False),
        ("Je veux m’inscrire", "enrolment", "neutral", False),
        ("Un problème avec ma commande", "complaint", "negative", True),
        ("C'est inadmissible", "other", "negative", True),
        ("Merci, c'était génial", "thanks", "positive", False),
        ("Salut", "greeting", "neutral", False),
        ("Je voudrais parler à un conseiller", "other", "neutral", True),
        ("Vos horaires d'été ?", "opening_hours", "neutral", False),
        ("What are your prices?", "pricing", "neutral", False),
        ("", "other", "neutral", False),
    ],
)
def test_rules_read_intent_sentiment_and_urgency(
    studio: Any, text: str, intent: str, sentiment: str, escalate: bool
) -> None:
    route(studio, "e1", content=text)
    assert studio.rows("select intent, sentiment, needs_escalation from public.message_analysis") == [
        {"intent": intent, "sentiment": sentiment, "needs_escalation": escalate}
    ]


def test_analysis_again_replaces_the_first(studio: Any) -> None:
    message = route(studio, "e1")["message_id"]
    studio.rows("update public.messages set content_text = 'Un problème !'")
    found = studio.value("select public.analyze_message_simple(%(id)s)", id=message)
    assert found == {"intent": "complaint", "sentiment": "negative", "confidence": 0.8, "needs_escalation": True}
    assert studio.value("select intent from public.message_analysis") == "complaint"


def test_analysis_of_no_message_is_refused(studio: Any) -> None:
    with pytest.raises(NoDataFound):
        studio.value("select public.analyze_message_simple(gen_random_uuid())")


def test_event_whose_message_exists_is_only_marked(studio: Any) -> None:
    route(studio, "e1")
    assert studio.value("select public.route_unrouted_events()") == 1
    assert studio.value("select count(*) from public.messages") == 1
    assert studio.value("select routed_at is not null from public.webhook_events") is True
    assert studio.value("select public.route_unrouted_events()") == 0


def test_one_channel_is_routed_alone(studio: Any) -> None:
    studio.event("e1")
    studio.value("select public.ingest_webhook_event('tiktok', 'message', 'e1', 'tim')")
    assert studio.value("select public.route_unrouted_events('tiktok')") == 1
    assert studio.value("select channel from public.messages") == "tiktok"


def test_null_channel_and_limit_route_everything(studio: Any) -> None:
    studio.event("e1")
    assert studio.value("select public.route_unrouted_events(null, null)") == 1


def test_negative_limit_of_routing_is_refused(studio: Any) -> None:
    with pytest.raises(InvalidParameterValue, match="p_limit must not be negative, found -1"):
        studio.value("select public.route_unrouted_events(p_limit => -1)")


def test_routing_one_event_returns_the_same_ids_again(studio: Any) -> None:
    studio.event("e1")
    query = "select public.route_webhook_event('whatsapp', 'e1')"
    assert studio.value(query) == studio.value(query)


def test_routing_no_event_is_refused(studio: Any) -> None:
    with pytest.raises(NoDataFound, match='there is no event "e1" on channel "whatsapp"'):
        studio.value("select public.route_webhook_event('whatsapp', 'e1')")


def test_simulated_message_goes_the_way_of_a_real_one(studio: Any) -> None:
    studio.value("select public.simulate_message('youtube', 'ana', 'Ana', 'Bonjour', null, null)")
    assert studio.value("select raw_payload from public.webhook_events") == {"simulated": True}
    assert studio.run()["auto_replied"] == 1
