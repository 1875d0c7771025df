-- phase: 12_pipeline_runner
-- Are the tables and functions there that the pipeline needs, and does settings_overview answer?
with expected (kind, name, arguments, phase) as (
  values
    ('table', 'app_settings', null, '04b_settings'),
    ('table', 'messages', null, '01_messaging_core'),
    ('table', 'social_posts', null, '05_publication'),
    ('table', 'social_schedules', null, '05_publication'),
    ('function', 'run_pipeline_once', 'p_since interval, p_limit integer', '12_pipeline_runner'),
    ('function', 'settings_overview', '', '12_pipeline_runner'),
    ('function', 'route_unrouted_events', 'p_channel text, p_limit integer', '09_event_routing'),
    ('function', 'auto_reply_recent_inbound', 'p_since interval, p_limit integer', '11_marketing_tools'),
    ('function', 'run_schedules_once', '', '07_simulation'),
    ('function', 'collect_metrics_stub', '', '06_analytics')
),
examined as (
  select
    e.kind, e.name, e.phase,
    case e.kind
      when 'table' then 'table public.' || e.name
      else 'function public.' || e.name || '(' || e.arguments || ')'
    end as object,
    exists (
      select
      from pg_catalog.pg_class as c
      join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
      where e.kind = 'table' and n.nspname = 'public' and c.relname = e.name and c.relkind in ('r', 'p', 'v', 'm')
    ) or exists (
      select
      from pg_catalog.pg_proc as p
      join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
      where e.kind = 'function'
        and n.nspname = 'public'
        and p.proname = e.name
        and pg_catalog.pg_get_function_identity_arguments(p.oid) = e.arguments
    ) as is_there,
    (
      select count(*)
      from pg_catalog.pg_proc as p
      join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
      where e.kind = 'function' and n.nspname = 'public' and p.proname = e.name
    ) as overloads
  from expected as e
)
select
  x.object,
  case
    when x.is_there and x.overloads > 1 then 'it has overloads, which the API cannot tell apart'
    when x.is_there then null
    when x.overloads > 0 then 'it takes other arguments'
    else 'it is missing'
  end as problem,
  case
    when x.is_there and x.overloads > 1 then 'drop the others'
    when not x.is_there then 'apply phase ' || x.phase
  end as fix
from examined as x
union all
select
  'public.settings_overview() is available',
  case
    when p.oid is null then 'it is missing'
    when not has_function_privilege('anon', p.oid, 'execute') then 'anon may not call it'
    when not has_function_privilege('authenticated', p.oid, 'execute') then 'authenticated may not call it'
    when p.prorettype <> 'jsonb'::regtype then 'it does not return jsonb'
  end,
  case
    when p.oid is null or p.prorettype <> 'jsonb'::regtype then 'apply phase 12_pipeline_runner'
    when not has_function_privilege('anon', p.oid, 'execute')
      or not has_function_privilege('authenticated', p.oid, 'execute') then
      'grant execute on function public.settings_overview() to anon, authenticated'
  end
from (select pg_catalog.to_regprocedure('public.settings_overview()')) as f (oid)
left join pg_catalog.pg_proc as p on p.oid = f.oid;
