create or replace function public.run_pipeline_once(
  p_since interval default '1 hour',
  p_limit integer default 100
)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_since interval := coalesce(p_since, '1 hour');
  v_limit integer := coalesce(p_limit, 100);
  v_routed integer;
  v_auto_replied integer;
  v_schedules_run integer;
  v_metrics_collected integer;
begin
  if v_since < interval '0' then
    raise exception 'p_since must not be negative, found %', v_since using errcode = 'invalid_parameter_value';
  elsif v_limit < 0 then
    raise exception 'p_limit must not be negative, found %', v_limit using errcode = 'invalid_parameter_value';
  end if;

  -- In this order: what was routed may be answered, what was published has figures.
  v_routed := public.route_unrouted_events(null, v_limit);
  v_auto_replied := public.auto_reply_recent_inbound(v_since, v_limit);
  v_schedules_run := public.run_schedules_once();
  v_metrics_collected := public.collect_metrics_stub();
  return jsonb_build_object(
    'routed', v_routed,
    'auto_replied', v_auto_replied,
    'schedules_run', v_schedules_run,
    'metrics_collected', v_metrics_collected);
end
$$;

revoke execute on function public.run_pipeline_once(interval, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.run_pipeline_once(interval, integer) to anon, authenticated;
comment on function public.run_pipeline_once(interval, integer) is
  'Routes what came in, answers what is recent, publishes what is due, collects what is due, and returns what was done.';
