create or replace function public.set_setting(p_key text, p_value text)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- Before the table refuses it, whose message would quote the whole row and so the value.
  if nullif(btrim(p_key), '') is null then
    raise exception 'p_key must name the setting' using errcode = 'invalid_parameter_value';
  end if;

  insert into public.app_settings as s (key, value)
  values (p_key, p_value)
  on conflict (key) do update set value = excluded.value, updated_at = now();
end
$$;

revoke execute on function public.set_setting(text, text) from public, anon, authenticated, service_role;
grant execute on function public.set_setting(text, text) to service_role;
comment on function public.set_setting(text, text) is 'Sets a setting; null or an empty text takes it back.';
