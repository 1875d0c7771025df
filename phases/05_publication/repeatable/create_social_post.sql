create or replace function public.create_social_post(
  p_author_agent text,
  p_objective text,
  p_content_text text,
  p_target_channels text[],
  p_media_paths text[] default '{}'
)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_post uuid;
begin
  if coalesce(cardinality(p_target_channels), 0) = 0 then
    raise exception 'p_target_channels must name at least one channel' using errcode = 'invalid_parameter_value';
  end if;

  insert into public.social_posts (author_agent, objective, content_text, target_channels, media_paths)
  values (p_author_agent, p_objective, p_content_text, p_target_channels, coalesce(p_media_paths, '{}'))
  returning id into v_post;
  return v_post;
end
$$;

revoke execute on function public.create_social_post(text, text, text, text[], text[])
  from public, anon, authenticated, service_role;
grant execute on function public.create_social_post(text, text, text, text[], text[]) to authenticated;
comment on function public.create_social_post(text, text, text, text[], text[]) is
  'Keeps a draft for at least one channel and returns its id.';
