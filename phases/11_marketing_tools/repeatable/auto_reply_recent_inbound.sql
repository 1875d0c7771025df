create or replace function public.auto_reply_recent_inbound(
  p_since interval default '1 hour',
  p_limit integer default 50
)
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_since interval := coalesce(p_since, '1 hour');
  v_limit integer := coalesce(p_limit, 50);
  v_after timestamptz;
  v_ids uuid[];
  v_id uuid;
  v_done integer := 0;
begin
  if v_since < interval '0' then
    raise exception 'p_since must not be negative, found %', v_since using errcode = 'invalid_parameter_value';
  elsif v_limit < 0 then
    raise exception 'p_limit must not be negative, found %', v_limit using errcode = 'invalid_parameter_value';
  end if;
  -- Before there were messages is soon enough: now() less a longer interval may not be a timestamp.
  v_after := case when v_since > interval '100 years' then '-infinity' else now() - v_since end;

  -- Those never tried come first, so that bad ones do not fill every batch.
  select array_agg(d.id order by d.attempts, d.sent_at, d.id) into v_ids
  from (
    select due.id, due.attempts, due.sent_at
    from generate_series(0, 4) as tried (times)
    cross join lateral (
      select m.id, m.attempts, m.sent_at
      from public.messages as m
      where m.direction = 'inbound'
        and m.answered_at is null
        and m.attempts < 5
        and m.attempts = tried.times
        and m.sent_at >= v_after
      order by m.sent_at
      limit v_limit
      for no key update skip locked
    ) as due
    limit v_limit
  ) as d;

  foreach v_id in array coalesce(v_ids, '{}') loop
    begin
      if public.give_auto_reply(v_id) is not null then
        v_done := v_done + 1;
      end if;
    exception
      when lock_not_available or deadlock_detected then
        null;  -- held elsewhere: the next run takes it
      when transaction_rollback or insufficient_resources or operator_intervention or system_error then
        raise;  -- the server's trouble, not this message's
      when others then
        update public.messages as m
        set attempts = m.attempts + 1, last_error = sqlerrm
        where m.id = v_id;
    end;
  end loop;
  return v_done;
end
$$;

revoke execute on function public.auto_reply_recent_inbound(interval, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.auto_reply_recent_inbound(interval, integer) to authenticated;
comment on function public.auto_reply_recent_inbound(interval, integer) is
  'Answers at most p_limit messages of the last p_since that wait, and returns how many. One that raises is recorded and'
  ' left alone after five times; what another run holds is left to it.';
