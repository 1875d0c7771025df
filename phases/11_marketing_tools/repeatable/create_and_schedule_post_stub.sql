create or replace function public.create_and_schedule_post_stub(
  p_author_agent text,
  p_objective text,
  p_target_channels text[],
  p_schedule_at timestamptz default now(),
  p_timezone text default 'UTC',
  p_tone text default 'neutre',
  p_length integer default 120
)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_content text := public.suggest_content_stub(p_objective, p_tone, p_length);
  v_post uuid := public.create_social_post(p_author_agent, p_objective, v_content, p_target_channels);
begin
  return jsonb_build_object(
    'post_id', v_post,
    'schedule_id', public.schedule_social_post(v_post, coalesce(p_schedule_at, now()), p_timezone),
    'content', v_content);
end
$$;

revoke execute on function
  public.create_and_schedule_post_stub(text, text, text[], timestamptz, text, text, integer)
  from public, anon, authenticated, service_role;
grant execute on function
  public.create_and_schedule_post_stub(text, text, text[], timestamptz, text, text, integer)
  to authenticated;
comment on function
  public.create_and_schedule_post_stub(text, text, text[], timestamptz, text, text, integer) is
  'Writes a post by rule and schedules it.';
