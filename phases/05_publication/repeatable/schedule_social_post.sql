create or replace function public.schedule_social_post(
  p_post_id uuid,
  p_scheduled_at timestamptz,
  p_timezone text default 'UTC'
)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_status text;
  v_timezone text := coalesce(p_timezone, 'UTC');
  v_schedule uuid;
begin
  if p_scheduled_at is null then
    raise exception 'p_scheduled_at must say when' using errcode = 'invalid_parameter_value';
  end if;
  perform now() at time zone v_timezone;  -- an unknown zone is refused here, with 22023

  select p.status into v_status from public.social_posts as p where p.id = p_post_id for no key update;
  if not found then
    raise exception 'there is no post %', p_post_id using errcode = 'no_data_found';
  elsif v_status in ('published', 'failed') then
    raise exception 'post % is already %', p_post_id, v_status
      using errcode = 'object_not_in_prerequisite_state';
  end if;

  update public.social_posts as p
  set status = 'scheduled', updated_at = now()
  where p.id = p_post_id and p.status = 'draft';
  insert into public.social_schedules (post_id, scheduled_at, timezone)
  values (p_post_id, p_scheduled_at, v_timezone)
  returning id into v_schedule;
  return v_schedule;
end
$$;

revoke execute on function public.schedule_social_post(uuid, timestamptz, text)
  from public, anon, authenticated, service_role;
grant execute on function public.schedule_social_post(uuid, timestamptz, text) to authenticated;
comment on function public.schedule_social_post(uuid, timestamptz, text) is
  'Says when an unfinished post is due and returns the schedule''s id.';
