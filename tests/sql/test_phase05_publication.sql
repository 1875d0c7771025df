-- phase: 05_publication
-- A post is made, scheduled and published: each channel gets its error, once.

-- name: made
select public.create_social_post(
  'test-' || pg_current_xact_id(), 'test', 'Bonjour', array['facebook', 'youtube'], null) as post;

-- name: scheduled
select public.schedule_social_post(p.id, now() + interval '1 day', 'Europe/Paris') as schedule
from public.social_posts as p
where p.author_agent = 'test-' || pg_current_xact_id();

-- name: published
select public.publish_post_stub(p.id) as outcome
from public.social_posts as p
where p.author_agent = 'test-' || pg_current_xact_id();

-- name: published again
select public.publish_post_stub(p.id) as outcome
from public.social_posts as p
where p.author_agent = 'test-' || pg_current_xact_id();

-- name: logs
select p.status as post, s.status as schedule, p.finished_at is not null as is_dated, l.attempt_no, l.status, l.error_message
from public.social_posts as p
join public.social_schedules as s on s.post_id = p.id
join public.publish_logs as l on l.post_id = p.id
where p.author_agent = 'test-' || pg_current_xact_id();
