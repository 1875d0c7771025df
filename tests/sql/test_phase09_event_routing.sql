-- phase: 09_event_routing
-- A bad event in the batch is recorded and skipped, the good one is routed, and one whose message exists is marked.
update public.webhook_events set routed_at = now() where routed_at is null;

select public.ingest_route_analyze('tiktok', 'message', 'test-known-' || pg_current_xact_id(), 'test-author', 'Ana');

insert into public.webhook_events (channel, type, event_id, author_id, content)
values
  ('tiktok', 'comment', 'test-good-' || pg_current_xact_id(), 'test-author', 'Bonjour'),
  ('tiktok', 'comment', 'test-bad-' || pg_current_xact_id(), null, 'Bonjour'),
  ('youtube', 'comment', 'test-other-' || pg_current_xact_id(), 'test-author', 'Bonjour');

-- name: one channel
select public.route_unrouted_events('tiktok', 10) as routed;

-- name: all channels
select public.route_unrouted_events(null, null) as routed;

-- name: events
select
  split_part(e.event_id, '-', 2) as event, e.routed_at is not null as is_routed, e.attempts, e.last_error,
  (select count(*) from public.messages as m where m.channel = e.channel and m.provider_message_id = e.event_id)::int
    as messages
from public.webhook_events as e
where e.event_id like 'test-%-' || pg_current_xact_id() and e.event_id not like 'test-bad-%';

-- name: bad event
select e.routed_at, e.attempts, e.last_error
from public.webhook_events as e
where e.event_id = 'test-bad-' || pg_current_xact_id();

-- name: one event
select public.route_webhook_event('tiktok', 'test-good-' || pg_current_xact_id()) as ids;
