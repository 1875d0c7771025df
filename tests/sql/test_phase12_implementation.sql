-- phase: 12_pipeline_runner
-- Two runs with windows of thirty minutes and of four hours, then the overview key by key.

-- What the database holds already is done with first, so that the counts below are of these rows alone.
update public.messages set answered_at = now() where direction = 'inbound' and answered_at is null;
update public.webhook_events set routed_at = now() where routed_at is null;
update public.social_schedules set status = 'canceled' where status = 'scheduled';
delete from public.social_metric_targets;

insert into public.webhook_events (channel, type, event_id, author_id, content, event_date)
select 'whatsapp', 'message', 'test-' || gen_random_uuid(), 'test-implementation', 'Bonjour', now() - age::interval
from unnest(array['10 minutes', '20 minutes', '2 hours', '5 hours']) as age;

with post as (
  insert into public.social_posts (author_agent, target_channels, status)
  values ('test-implementation', array['facebook', 'tiktok', 'youtube'], 'scheduled')
  returning id
)
insert into public.social_schedules (post_id, scheduled_at)
select post.id, now() from post;

-- name: thirty minutes
select
  (r ->> 'routed')::int as routed_30m,
  (r ->> 'auto_replied')::int as auto_replied_30m,
  (r ->> 'schedules_run')::int as schedules_run_30m,
  (r ->> 'metrics_collected')::int as metrics_30m
from public.run_pipeline_once('30 minutes', 50) as r;

-- name: four hours
select
  (r ->> 'routed')::int as routed_4h,
  (r ->> 'auto_replied')::int as auto_replied_4h,
  (r ->> 'schedules_run')::int as schedules_run_4h,
  (r ->> 'metrics_collected')::int as metrics_4h
from public.run_pipeline_once('4 hours', 100) as r;

-- name: settings
select
  (s ->> 'WHATSAPP_VERIFY_TOKEN')::boolean as "WHATSAPP_VERIFY_TOKEN",
  (s ->> 'META_APP_SECRET')::boolean as "META_APP_SECRET",
  (s ->> 'OPENROUTER_API_KEY')::boolean as "OPENROUTER_API_KEY",
  (s ->> 'NEXIOM_DEFAULT_CHAT_MODEL')::boolean as "NEXIOM_DEFAULT_CHAT_MODEL",
  (s ->> 'WHATSAPP_PHONE_NUMBER_ID')::boolean as "WHATSAPP_PHONE_NUMBER_ID",
  (s ->> 'WHATSAPP_ACCESS_TOKEN')::boolean as "WHATSAPP_ACCESS_TOKEN",
  (s ->> 'WHATSAPP_API_BASE_URL')::boolean as "WHATSAPP_API_BASE_URL"
from public.settings_overview() as s;
