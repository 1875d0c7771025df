-- phase: 07_simulation
-- Somebody writes and an agent answers; what is due is published and what is not is left.
delete from public.social_schedules;

-- name: written
select public.simulate_message('youtube', 'test-' || pg_current_xact_id(), 'Ana', 'Bonjour', null, null) as ids;

-- name: answered
select public.respond_with_stub(l.conversation, 'Bonjour Ana') as reply
from (
  select m.conversation_id as conversation
  from public.messages as m
  join public.contact_channels as c on c.contact_id = m.contact_id
  where c.external_id = 'test-' || pg_current_xact_id()
) as l;

-- name: answer
select r.direction, m.answered_at is not null as is_answered
from public.messages as m
join public.contact_channels as c on c.contact_id = m.contact_id
join public.messages as r on r.metadata ->> 'in_reply_to' = m.id::text
where c.external_id = 'test-' || pg_current_xact_id();

with post as (
  insert into public.social_posts (target_channels, status)
  values (array['facebook'], 'scheduled'), (array['tiktok'], 'scheduled'), (array['youtube'], 'scheduled')
  returning id, target_channels[1] as channel
)
insert into public.social_schedules (post_id, scheduled_at, status)
select
  post.id,
  now() + case post.channel when 'tiktok' then interval '1 minute' else interval '-1 minute' end,
  case post.channel when 'youtube' then 'canceled' else 'scheduled' end
from post;

-- name: due
select public.run_schedules_once() as run;

-- name: due again
select public.run_schedules_once() as run;
