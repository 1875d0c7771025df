-- phase: 12_pipeline_runner
-- One run with one thing of each kind to do, and the overview with two settings there.

insert into public.webhook_events (channel, type, event_id, author_id, author_name, content)
values ('whatsapp', 'message', 'test-' || gen_random_uuid(), 'test-basic', 'Ana', 'Bonjour, quels sont vos tarifs ?');

with post as (
  insert into public.social_posts (author_agent, objective, content_text, target_channels, status)
  values ('test-basic', 'test', 'Bonjour', array['facebook', 'instagram'], 'scheduled')
  returning id
)
insert into public.social_schedules (post_id, scheduled_at)
select post.id, now() - interval '1 minute' from post;

insert into public.app_settings as s (key, value)
values ('META_APP_SECRET', 'a secret'), ('OPENROUTER_API_KEY', '')
on conflict (key) do update set value = excluded.value;

-- name: pipeline
select public.run_pipeline_once('1 hour', 50) as pipeline_run_result;

-- name: settings
select public.settings_overview() as settings;
