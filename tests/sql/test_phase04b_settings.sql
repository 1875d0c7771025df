-- phase: 04b_settings
-- A setting is set, replaced and read, and the handshake of WhatsApp answers for our token alone.
select public.set_setting('WHATSAPP_VERIFY_TOKEN', 'an old token');
select public.set_setting('WHATSAPP_VERIFY_TOKEN', 'a token');

-- name: value
select public.get_setting('WHATSAPP_VERIFY_TOKEN') = 'a token' as is_replaced;

-- name: handshake
select
  public.verify_whatsapp_challenge('subscribe', 'a token', '1158201444') as ours,
  public.verify_whatsapp_challenge('subscribe', 'an old token', '1158201444') as old,
  public.verify_whatsapp_challenge('unsubscribe', 'a token', '1158201444') as other_mode;
