-- phase: 12_pipeline_runner
-- The tables the pipeline works on, and the two functions of phase 12 in pg_proc.

-- name: tables
select
  to_regclass('public.app_settings') is not null as app_settings,
  to_regclass('public.messages') is not null as messages,
  to_regclass('public.social_posts') is not null as social_posts,
  to_regclass('public.social_schedules') is not null as social_schedules;

-- name: functions
select p.proname::text as function, pg_get_function_identity_arguments(p.oid) as arguments
from pg_catalog.pg_proc as p
where p.pronamespace = 'public'::regnamespace and p.proname in ('run_pipeline_once', 'settings_overview')
order by p.proname;
