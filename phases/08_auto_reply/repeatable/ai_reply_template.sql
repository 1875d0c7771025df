create or replace function public.ai_reply_template(p_message_id uuid)
returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  v_name text;
  v_analysis jsonb;
begin
  select nullif(btrim(coalesce(c.first_name, c.full_name)), ''), public.classify_text(m.content_text)
  into v_name, v_analysis
  from public.messages as m
  left join public.contacts as c on c.id = m.contact_id
  where m.id = p_message_id;
  if not found then
    raise exception 'there is no message %', p_message_id using errcode = 'no_data_found';
  end if;

  return coalesce('Bonjour ' || v_name || ', ', 'Bonjour, ') || case v_analysis ->> 'intent'
    when 'complaint' then 'nous sommes désolés de ce désagrément.'
    when 'appointment' then 'indiquez-nous le jour et l''heure qui vous conviennent pour votre rendez-vous.'
    when 'pricing' then 'merci de votre intérêt. Nous vous envoyons nos tarifs.'
    when 'enrolment' then 'merci de votre intérêt. Nous vous envoyons les étapes de l''inscription.'
    when 'opening_hours' then 'nous vous envoyons nos horaires.'
    when 'information' then 'merci de votre intérêt. Nous vous envoyons les informations demandées.'
    when 'thanks' then 'merci à vous, au plaisir de vous lire.'
    when 'greeting' then 'comment pouvons-nous vous aider ?'
    else 'merci pour votre message.'
  end || case
    when (v_analysis ->> 'needs_escalation')::boolean then ' Un conseiller prend le relais et vous répond rapidement.'
    else ''
  end;
end
$$;

revoke execute on function public.ai_reply_template(uuid) from public, anon, authenticated, service_role;
grant execute on function public.ai_reply_template(uuid) to authenticated;
comment on function public.ai_reply_template(uuid) is 'A French answer to a message, by rule.';
