create or replace function public.route_unrouted_events(p_channel text default null, p_limit integer default 100)
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_limit integer := coalesce(p_limit, 100);
  v_ids uuid[];
  v_id uuid;
  v_done integer := 0;
begin
  if v_limit < 0 then
    raise exception 'p_limit must not be negative, found %', v_limit using errcode = 'invalid_parameter_value';
  end if;

  -- Those never tried come first, so that bad ones do not fill every batch. Within it the authors are in one
  -- order for all runs: two that make the same new contacts wait for each other in a line, not in a circle.
  if p_channel is null then
    select array_agg(d.id order by d.channel, d.author_id, d.event_date, d.created_at, d.id) into v_ids
    from (
      select e.id, e.channel, e.author_id, e.event_date, e.created_at
      from public.webhook_events as e
      where e.routed_at is null and e.attempts < 5
      order by e.attempts, e.created_at
      limit v_limit
      for update skip locked
    ) as d;
  else
    select array_agg(d.id order by d.channel, d.author_id, d.event_date, d.created_at, d.id) into v_ids
    from (
      select e.id, e.channel, e.author_id, e.event_date, e.created_at
      from public.webhook_events as e
      where e.channel = p_channel and e.routed_at is null and e.attempts < 5
      order by e.attempts, e.created_at
      limit v_limit
      for update skip locked
    ) as d;
  end if;

  foreach v_id in array coalesce(v_ids, '{}') loop
    begin
      perform public.route_event(v_id);
      v_done := v_done + 1;
    exception
      when lock_not_available or deadlock_detected then
        null;  -- its author is in another session's hands: the next run takes it
      when transaction_rollback or insufficient_resources or operator_intervention or system_error then
        raise;  -- the server's trouble, not this event's
      when others then
        update public.webhook_events as e
        set attempts = e.attempts + 1, last_error = sqlerrm
        where e.id = v_id;
    end;
  end loop;
  return v_done;
end
$$;

revoke execute on function public.route_unrouted_events(text, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.route_unrouted_events(text, integer) to authenticated;
comment on function public.route_unrouted_events(text, integer) is
  'Routes at most p_limit events that wait, of one channel or of all, and returns how many. One that raises is recorded'
  ' and left alone after five times; what another run holds is left to it.';
