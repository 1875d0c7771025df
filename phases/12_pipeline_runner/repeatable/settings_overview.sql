create or replace function public.settings_overview()
returns jsonb
language sql
stable
security definer
set search_path = ''
as $$
  -- Whether each is there and not empty; nothing else of a setting leaves the database.
  select jsonb_build_object(
    'WHATSAPP_VERIFY_TOKEN', coalesce(bool_or(s.key = 'WHATSAPP_VERIFY_TOKEN'), false),
    'META_APP_SECRET', coalesce(bool_or(s.key = 'META_APP_SECRET'), false),
    'OPENROUTER_API_KEY', coalesce(bool_or(s.key = 'OPENROUTER_API_KEY'), false),
    'NEXIOM_DEFAULT_CHAT_MODEL', coalesce(bool_or(s.key = 'NEXIOM_DEFAULT_CHAT_MODEL'), false),
    'WHATSAPP_PHONE_NUMBER_ID', coalesce(bool_or(s.key = 'WHATSAPP_PHONE_NUMBER_ID'), false),
    'WHATSAPP_ACCESS_TOKEN', coalesce(bool_or(s.key = 'WHATSAPP_ACCESS_TOKEN'), false),
    'WHATSAPP_API_BASE_URL', coalesce(bool_or(s.key = 'WHATSAPP_API_BASE_URL'), false)
  )
  from public.app_settings as s
  where s.value ~ '\S'
$$;

revoke execute on function public.settings_overview() from public, anon, authenticated, service_role;
grant execute on function public.settings_overview() to anon, authenticated;
comment on function public.settings_overview() is
  'Which of the application''s settings are there and not empty, as booleans.';
