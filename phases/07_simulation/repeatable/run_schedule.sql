create or replace function public.run_schedule(p_schedule_id uuid)
returns boolean
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_status text;
  v_post uuid;
begin
  select p.status, p.id into v_status, v_post
  from public.social_schedules as s
  join public.social_posts as p on p.id = s.post_id
  where s.id = p_schedule_id and s.status = 'scheduled'
  for no key update of p skip locked;
  if not found then
    return false;  -- another session has the post, or published it for an earlier schedule of this batch
  elsif v_status in ('published', 'failed') then
    update public.social_schedules as s set status = v_status, last_error = null where s.id = p_schedule_id;
    return false;  -- never a second time
  end if;

  perform public.publish_post_stub(v_post);
  return true;
end
$$;

revoke execute on function public.run_schedule(uuid) from public, anon, authenticated, service_role;
comment on function public.run_schedule(uuid) is
  'Publishes the post of a schedule its caller has locked, and says whether it did.';
