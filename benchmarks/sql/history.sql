-- History of the reference project, nexiom_bench.rows of each: events, messages, posts, schedules, metrics. Nothing in it
-- is due: a tenth of the messages waits since before any window, a tenth of all is of the last hour and done, a tenth of
-- the schedules lies in the future, a tenth of the posts has figures on five channels that are minutes old.
create temporary table history on commit drop as
select
  n,
  gen_random_uuid() as post,
  gen_random_uuid() as message,
  n % 20 as kind,
  now() - case when n % 20 < 2 then interval '59 minutes' * random() else interval '1 day' * (31 + 300 * random()) end as at
from generate_series(1, current_setting('nexiom_bench.rows')::integer) as n;

create temporary table people on commit drop as
select n, gen_random_uuid() as contact, gen_random_uuid() as conversation
from generate_series(0, greatest(current_setting('nexiom_bench.rows')::integer / 10, 100)) as n;
create index on people (n);
analyze people;

insert into public.contacts (id, full_name) select p.contact, 'Author ' || p.n from people as p;

insert into public.contact_channels (contact_id, channel, external_id)
select p.contact, 'facebook', 'author-' || p.n from people as p;

insert into public.conversations (id, contact_id, channel, channel_conversation_id, last_message_at)
select p.conversation, p.contact, 'facebook', 'author-' || p.n, now() from people as p;

insert into public.webhook_events (
  channel, type, event_id, author_id, content, event_date, routed_at, conversation_id, created_at
)
select 'facebook', 'message', 'history-' || h.n, 'author-' || p.n, 'Bonjour', h.at, h.at, p.conversation, h.at
from history as h
join people as p on p.n = h.n / 10;

insert into public.messages (
  id, conversation_id, contact_id, channel, direction, content_text, provider_message_id, sent_at, answered_at, metadata
)
select
  h.message, p.conversation, p.contact, 'facebook',
  case when h.kind < 10 or h.kind in (18, 19) then 'inbound' else 'outbound' end,
  'Bonjour', 'history-' || h.n, h.at,
  case when h.kind < 10 then h.at end,
  case
    when h.kind between 10 and 17 then jsonb_build_object('in_reply_to', gen_random_uuid())
    else '{}'
  end
from history as h
join people as p on p.n = h.n / 10;

insert into public.social_posts (id, content_text, target_channels, status, finished_at)
select
  h.post, 'Bonjour',
  case when h.kind < 2 then array['whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube'] else array['facebook'] end,
  'failed', h.at
from history as h;

insert into public.social_schedules (post_id, scheduled_at, status)
select
  h.post,
  case when h.kind in (2, 3) then now() + interval '1 day' * (1 + random()) else h.at end,
  case when h.kind in (2, 3) then 'scheduled' else 'failed' end
from history as h;

insert into public.social_metrics (post_id, channel, fetched_at)
select p.id, c.channel, greatest(p.finished_at, now() - interval '40 minutes' * random())
from public.social_posts as p
cross join lateral unnest(p.target_channels) as c (channel)
where p.finished_at > now() - interval '1 hour'
union all
select p.id, 'facebook', p.finished_at
from public.social_posts as p
where p.finished_at <= now() - interval '1 hour';
