create or replace function public.follow_metrics()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_posts uuid[];
  v_channels text[];
begin
  if tg_op = 'TRUNCATE' then
    select array_agg(t.post_id), array_agg(t.channel) into v_posts, v_channels
    from public.social_metric_targets as t;
  else
    select array_agg(c.post_id), array_agg(c.channel) into v_posts, v_channels from changed as c;
  end if;
  perform public.refresh_metric_targets(v_posts, v_channels);
  return null;
end
$$;

revoke execute on function public.follow_metrics() from public, anon, authenticated, service_role;
comment on function public.follow_metrics() is 'Keeps social_metric_targets when figures come, change or go.';
