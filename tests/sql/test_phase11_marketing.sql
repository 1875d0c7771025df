-- phase: 11_marketing_tools
-- A post is written and due at once; seeded messages are answered, within the limit and the window.
update public.messages set answered_at = now() where direction = 'inbound' and answered_at is null;

-- name: post
select public.create_and_schedule_post_stub(
  'test-' || pg_current_xact_id(), 'Portes ouvertes', array['facebook'], null, null, 'convivial', 40) as made;

-- name: schedule
select p.status, s.status as schedule, s.scheduled_at = now() as is_due_now, length(p.content_text) as length
from public.social_posts as p
join public.social_schedules as s on s.post_id = p.id
where p.author_agent = 'test-' || pg_current_xact_id();

-- name: seeded
select public.seed_random_messages(array['whatsapp', 'tiktok'], 5) as messages;

update public.messages set sent_at = now() - interval '90 minutes'
where id in (select id from public.messages where direction = 'inbound' and answered_at is null limit 2);

-- name: limited
select public.auto_reply_recent_inbound('1 hour', 1) as answered;

-- name: the last hour
select public.auto_reply_recent_inbound(null, null) as answered;

-- name: two hours
select public.auto_reply_recent_inbound('2 hours', 50) as answered;
