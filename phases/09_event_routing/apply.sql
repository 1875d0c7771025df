-- Which events became messages, and an index of those that have not.
alter table public.webhook_events add column routed_at timestamptz;
comment on column public.webhook_events.routed_at is 'When the event became a message; null while it has not.';

create index webhook_events_unrouted on public.webhook_events (attempts, created_at)
  where routed_at is null and attempts < 5;
create index webhook_events_unrouted_by_channel on public.webhook_events (channel, attempts, created_at)
  where routed_at is null and attempts < 5;
