create or replace function public.publish_post_stub(p_post_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_post public.social_posts;
  v_errors bigint;
begin
  select * into v_post from public.social_posts as p where p.id = p_post_id for no key update;
  if not found then
    raise exception 'there is no post %', p_post_id using errcode = 'no_data_found';
  elsif v_post.status in ('published', 'failed') then
    return jsonb_build_object('post_id', p_post_id, 'status', v_post.status, 'errors', 0);
  end if;

  insert into public.publish_logs (post_id, channel, attempt_no, status, error_message)
  select
    p_post_id, t.channel,
    1 + coalesce(
      (select max(l.attempt_no) from public.publish_logs as l where l.post_id = p_post_id and l.channel = t.channel),
      0),
    'error', 'no provider is connected for ' || t.channel || ' yet'
  from (select distinct unnest(v_post.target_channels) as channel) as t;
  get diagnostics v_errors = row_count;

  update public.social_posts as p set status = 'failed', updated_at = now() where p.id = p_post_id;
  -- A schedule another run holds is left to that run, which finds the post finished.
  update public.social_schedules as s
  set status = 'failed'
  where s.id in (
    select o.id
    from public.social_schedules as o
    where o.post_id = p_post_id and o.status in ('scheduled', 'running')
    for update skip locked
  );
  return jsonb_build_object('post_id', p_post_id, 'status', 'failed', 'errors', v_errors);
end
$$;

revoke execute on function public.publish_post_stub(uuid) from public, anon, authenticated, service_role;
grant execute on function public.publish_post_stub(uuid) to authenticated;
comment on function public.publish_post_stub(uuid) is
  'Publishes a post once. No provider is connected yet: each channel gets an error in publish_logs, the post and'
  ' its schedules end as failed.';
