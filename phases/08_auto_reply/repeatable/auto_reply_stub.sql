create or replace function public.auto_reply_stub(p_message_id uuid)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_message public.messages;
  v_reply uuid;
begin
  select * into v_message from public.messages as m where m.id = p_message_id for no key update;
  if not found then
    raise exception 'there is no message %', p_message_id using errcode = 'no_data_found';
  elsif v_message.direction <> 'inbound' then
    raise exception 'message % is %, only inbound ones are answered', p_message_id, v_message.direction
      using errcode = 'invalid_parameter_value';
  end if;

  if v_message.answered_at is null then
    v_reply := public.give_auto_reply(p_message_id);
  end if;
  if v_reply is null then  -- it has its answer: the one that names it, or an agent's that came after it
    select r.id into v_reply
    from public.messages as r
    where r.direction = 'outbound'
      and r.metadata ->> 'in_reply_to' is not null
      and r.metadata ->> 'in_reply_to' = p_message_id::text;
  end if;
  if v_reply is null then
    select r.id into v_reply
    from public.messages as r
    where r.conversation_id = v_message.conversation_id
      and r.direction = 'outbound'
      and r.sent_at >= v_message.sent_at
    order by r.sent_at
    limit 1;
  end if;
  return v_reply;
end
$$;

revoke execute on function public.auto_reply_stub(uuid) from public, anon, authenticated, service_role;
grant execute on function public.auto_reply_stub(uuid) to authenticated;
comment on function public.auto_reply_stub(uuid) is
  'The id of the reply to an inbound message, given now if there is none. No provider sends it yet.';
