-- Work that is due, nexiom_bench.due of each kind: events of new and of known authors, messages that wait, schedules of
-- posts for two channels, posts whose figures are an hour old.
insert into public.webhook_events (channel, type, event_id, author_id, author_name, content)
select
  'facebook', 'message', 'due-' || gen_random_uuid(),
  case when n % 2 = 0 then 'author-' || n else 'new-author-' || gen_random_uuid() end,
  'Author ' || n, 'Bonjour, quels sont vos tarifs ?'
from generate_series(1, current_setting('nexiom_bench.due')::integer) as n;

insert into public.messages (conversation_id, contact_id, channel, direction, content_text, sent_at)
select c.id, c.contact_id, 'facebook', 'inbound', 'Merci', now() - interval '5 minutes'
from generate_series(1, current_setting('nexiom_bench.due')::integer) as n
join public.contact_channels as l on l.channel = 'facebook' and l.external_id = 'author-' || n
join public.conversations as c on c.contact_id = l.contact_id;

with posts as (
  insert into public.social_posts (content_text, target_channels, status)
  select 'Bonjour', array['facebook', 'instagram'], 'scheduled'
  from generate_series(1, current_setting('nexiom_bench.due')::integer)
  returning id
)
insert into public.social_schedules (post_id, scheduled_at)
select p.id, now() - interval '1 minute' from posts as p;

with posts as (
  insert into public.social_posts (content_text, target_channels, status, finished_at)
  select 'Bonjour', array['facebook'], 'failed', now() - interval '2 days'
  from generate_series(1, current_setting('nexiom_bench.due')::integer)
  returning id
)
insert into public.social_metrics (post_id, channel, fetched_at)
select p.id, 'facebook', now() - interval '2 hours' from posts as p;
