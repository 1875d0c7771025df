-- phase: 04_ingestion
-- One event comes in twice, is routed twice, and is one analysed message of one contact.

-- name: first time
select (public.ingest_webhook_event(
  'whatsapp', 'message', 'test-' || pg_current_xact_id(), 'test-author-' || pg_current_xact_id(), 'Ana',
  'J''ai un problème urgent', now(), null, null, '{"entry": []}') -> 'created')::boolean as created;

-- name: again
select (public.ingest_webhook_event(
  'whatsapp', 'message', 'test-' || pg_current_xact_id(), 'another author', 'Bob', 'autre chose') -> 'created'
)::boolean as created;

-- name: routed
select public.ingest_route_analyze(
  'whatsapp', 'message', 'test-' || pg_current_xact_id(), 'another author', 'Bob', 'autre chose') as ids;

-- name: routed again
select public.ingest_route_analyze(
  'whatsapp', 'message', 'test-' || pg_current_xact_id(), 'another author') as ids;

-- name: message
select
  p.full_name, l.external_id = p.whatsapp_phone as phone_is_known, c.status, m.direction, m.content_text, a.intent,
  a.sentiment, a.needs_escalation, c.last_message_at = m.sent_at as is_noted
from public.messages as m
join public.message_analysis as a on a.message_id = m.id
join public.conversations as c on c.id = m.conversation_id
join public.contacts as p on p.id = c.contact_id
join public.contact_channels as l on l.contact_id = p.id
where m.channel = 'whatsapp' and m.provider_message_id = 'test-' || pg_current_xact_id();
