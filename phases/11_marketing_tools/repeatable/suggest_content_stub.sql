create or replace function public.suggest_content_stub(
  p_objective text,
  p_tone text default 'neutre',
  p_length integer default 120
)
returns text
language plpgsql
immutable
set search_path = ''
as $$
declare
  v_objective text := btrim(p_objective);
  v_length integer := coalesce(p_length, 120);
  v_content text;
begin
  if nullif(v_objective, '') is null then
    raise exception 'p_objective must say what the post is for' using errcode = 'invalid_parameter_value';
  elsif v_length < 1 then
    raise exception 'p_length must be at least 1, found %', v_length using errcode = 'invalid_parameter_value';
  end if;

  v_content := case coalesce(p_tone, 'neutre')
    when 'neutre' then v_objective || '. Plus d''informations sur notre page.'
    when 'enthousiaste' then v_objective || ' ! On a hâte de vous y retrouver, rejoignez-nous !'
    when 'professionnel' then v_objective || '. Notre équipe se tient à votre disposition pour toute question.'
    when 'convivial' then v_objective || ', ça vous dit ? Venez comme vous êtes, on vous attend !'
  end;
  if v_content is null then
    raise exception 'p_tone must be neutre, enthousiaste, professionnel or convivial, found "%"', p_tone
      using errcode = 'invalid_parameter_value';
  end if;
  return case
    when length(v_content) <= v_length then v_content
    else rtrim(left(v_content, v_length - 1)) || '…'
  end;
end
$$;

revoke execute on function public.suggest_content_stub(text, text, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.suggest_content_stub(text, text, integer) to authenticated;
comment on function public.suggest_content_stub(text, text, integer) is
  'A French text for a post, by rule, of at most p_length characters.';
