create or replace function public.collect_metrics(p_posts uuid[], p_channels text[])
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_rows integer;
begin
  begin
    insert into public.social_metrics (post_id, channel)
    select u.post_id, u.channel from unnest(p_posts, p_channels) as u (post_id, channel);
    get diagnostics v_rows = row_count;
    return v_rows;
  exception
    when transaction_rollback or insufficient_resources or operator_intervention or system_error then
      raise;  -- the server's trouble, not a pair's
    when others then
      v_rows := 0;  -- one of them is bad: one by one, to find which
  end;

  for v_at in 1 .. cardinality(p_posts) loop
    begin
      insert into public.social_metrics (post_id, channel) values (p_posts[v_at], p_channels[v_at]);
      v_rows := v_rows + 1;
    exception
      when transaction_rollback or insufficient_resources or operator_intervention or system_error then
        raise;
      when others then
        update public.social_metric_targets as t
        set attempts = t.attempts + 1, last_error = sqlerrm, next_due_at = now() + interval '1 hour'
        where t.post_id = p_posts[v_at] and t.channel = p_channels[v_at];
    end;
  end loop;
  return v_rows;
end
$$;

revoke execute on function public.collect_metrics(uuid[], text[]) from public, anon, authenticated, service_role;
comment on function public.collect_metrics(uuid[], text[]) is
  'Collects these figures and returns how many; a pair that raises is recorded and tried again in an hour.';
