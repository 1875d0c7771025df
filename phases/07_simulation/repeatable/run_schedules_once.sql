create or replace function public.run_schedules_once()
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_id uuid;
  v_done integer := 0;
begin
  select array_agg(d.id order by d.scheduled_at, d.id) into v_ids
  from (
    select s.id, s.scheduled_at
    from public.social_schedules as s
    where s.status = 'scheduled' and s.attempts < 5 and s.scheduled_at <= now()
    order by s.scheduled_at
    for update skip locked
  ) as d;

  foreach v_id in array coalesce(v_ids, '{}') loop
    begin
      if public.run_schedule(v_id) then
        v_done := v_done + 1;
      end if;
    exception
      when lock_not_available or deadlock_detected then
        null;  -- held elsewhere: the next run takes it
      when transaction_rollback or insufficient_resources or operator_intervention or system_error then
        raise;  -- the server's trouble, not this schedule's
      when others then
        update public.social_schedules as s
        set attempts = s.attempts + 1, last_error = sqlerrm,
            status = case when s.attempts < 4 then s.status else 'failed' end
        where s.id = v_id;
    end;
  end loop;
  return v_done;
end
$$;

revoke execute on function public.run_schedules_once() from public, anon, authenticated, service_role;
grant execute on function public.run_schedules_once() to authenticated;
comment on function public.run_schedules_once() is
  'Publishes what is due and returns how many schedules were run. One that raises is recorded and fails at the fifth time;'
  ' what another run holds is left to it.';
