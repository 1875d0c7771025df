create or replace function public.verify_whatsapp_challenge(mode text, verify_token text, challenge text)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  -- Digests are compared, so that the time taken says nothing about the token.
  select verify_whatsapp_challenge.challenge
  from public.app_settings as s
  where s.key = 'WHATSAPP_VERIFY_TOKEN'
    and btrim(s.value) <> ''
    and verify_whatsapp_challenge.mode = 'subscribe'
    and sha256(convert_to(s.value, 'UTF8'))
      = sha256(convert_to(verify_whatsapp_challenge.verify_token, 'UTF8'))
$$;

revoke execute on function public.verify_whatsapp_challenge(text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.verify_whatsapp_challenge(text, text, text) to anon, authenticated;
comment on function public.verify_whatsapp_challenge(text, text, text) is
  'Meta''s subscription handshake: the challenge when the token is ours, null otherwise.';
