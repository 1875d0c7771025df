create or replace function public.seed_random_messages(p_channels text[], p_count integer)
returns integer
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_channels text[] := coalesce(p_channels, array['whatsapp', 'facebook', 'instagram', 'tiktok', 'youtube']);
  v_texts constant text[] := array[
    'Bonjour, quels sont vos tarifs ?', 'Je voudrais m''inscrire', 'Quels sont vos horaires ?',
    'Merci beaucoup !', 'J''ai un problème avec ma commande', 'Pouvez-vous m''envoyer la brochure ?'];
  v_author integer;
begin
  if p_count is null or p_count < 0 then
    raise exception 'p_count must not be negative or null, found %', p_count
      using errcode = 'invalid_parameter_value';
  elsif cardinality(v_channels) = 0 then
    raise exception 'p_channels must name at least one channel' using errcode = 'invalid_parameter_value';
  end if;

  for v_message in 1 .. p_count loop
    v_author := 1 + floor(random() * 20);
    perform public.simulate_message(
      v_channels[1 + floor(random() * cardinality(v_channels))::integer], 'seed-' || v_author, 'Seed ' || v_author,
      v_texts[1 + floor(random() * cardinality(v_texts))::integer]);
  end loop;
  return p_count;
end
$$;

revoke execute on function public.seed_random_messages(text[], integer)
  from public, anon, authenticated, service_role;
grant execute on function public.seed_random_messages(text[], integer) to service_role;
comment on function public.seed_random_messages(text[], integer) is
  'Writes p_count messages of twenty invented authors on these channels (null: on all) and returns how many.';
