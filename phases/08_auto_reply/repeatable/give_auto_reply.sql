create or replace function public.give_auto_reply(p_message_id uuid)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_conversation uuid;
  v_reply uuid;
begin
  insert into public.messages (conversation_id, contact_id, channel, direction, content_text, sent_at, metadata)
  select
    m.conversation_id, m.contact_id, m.channel, 'outbound', public.ai_reply_template(m.id), clock_timestamp(),
    jsonb_build_object('in_reply_to', m.id, 'auto_reply', true)
  from public.messages as m
  where m.id = p_message_id
  on conflict ((metadata ->> 'in_reply_to'))
    where direction = 'outbound' and metadata ->> 'in_reply_to' is not null
    do nothing
  returning id, conversation_id into v_reply, v_conversation;

  update public.messages as m set answered_at = now(), last_error = null where m.id = p_message_id;
  if v_reply is not null then
    perform public.touch_conversation(v_conversation, clock_timestamp());
  end if;
  return v_reply;
end
$$;

revoke execute on function public.give_auto_reply(uuid) from public, anon, authenticated, service_role;
comment on function public.give_auto_reply(uuid) is
  'Answers a message its caller has locked; null when a reply naming it is there already.';
