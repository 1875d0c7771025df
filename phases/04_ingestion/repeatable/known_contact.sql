create or replace function public.known_contact(p_channel text, p_external_id text, p_name text)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_contact uuid;
begin
  if p_channel = 'whatsapp' then
    select c.id into v_contact from public.contacts as c where c.whatsapp_phone = p_external_id;
  end if;
  if v_contact is null then
    insert into public.contacts (full_name, whatsapp_phone)
    values (p_name, case p_channel when 'whatsapp' then p_external_id end)
    returning id into v_contact;
  end if;
  insert into public.contact_channels (contact_id, channel, external_id, display_name, is_primary)
  values (
    v_contact, p_channel, p_external_id, p_name,
    not exists (select from public.contact_channels as l where l.contact_id = v_contact)
  );
  return v_contact;
end
$$;

revoke execute on function public.known_contact(text, text, text) from public, anon, authenticated, service_role;
comment on function public.known_contact(text, text, text) is
  'The contact behind a name on a channel that is not linked yet: the one with that WhatsApp number, or a'
  ' new one. The caller holds the author''s lock.';
