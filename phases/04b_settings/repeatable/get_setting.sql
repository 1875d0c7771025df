create or replace function public.get_setting(p_key text)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select s.value from public.app_settings as s where s.key = p_key
$$;

revoke execute on function public.get_setting(text) from public, anon, authenticated, service_role;
grant execute on function public.get_setting(text) to service_role;
comment on function public.get_setting(text) is 'The value of a setting, or null.';
