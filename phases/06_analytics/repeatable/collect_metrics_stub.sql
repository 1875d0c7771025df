create or replace function public.collect_metrics_stub()
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_due record;
  v_done integer := 0;
begin
  -- A batch may hold pairs whose thirty days are over: they are dropped and make room for the next.
  for v_round in 1 .. 20 loop
    select
      count(*) as picked,
      array_agg(t.post_id order by t.next_due_at, t.post_id) filter (where t.wanted) as posts,
      array_agg(t.channel order by t.next_due_at, t.post_id) filter (where t.wanted) as channels,
      array_agg(t.post_id) filter (where not t.wanted) as old_posts,
      array_agg(t.channel) filter (where not t.wanted) as old_channels
    into v_due
    from (
      select d.post_id, d.channel, d.next_due_at, d.wanted_until > now() as wanted
      from public.social_metric_targets as d
      where d.attempts < 5 and d.next_due_at <= now()
      order by d.next_due_at
      limit 500 - v_done
      for update skip locked
    ) as t;

    v_done := v_done + public.collect_metrics(v_due.posts, v_due.channels);
    exit when v_due.old_posts is null;
    perform public.refresh_metric_targets(v_due.old_posts, v_due.old_channels);
  end loop;
  return v_done;
end
$$;

revoke execute on function public.collect_metrics_stub() from public, anon, authenticated, service_role;
grant execute on function public.collect_metrics_stub() to authenticated;
comment on function public.collect_metrics_stub() is
  'Collects the figures that are due, at most 500, longest due first, and returns how many. No provider is connected yet:'
  ' the figures are zero.';
