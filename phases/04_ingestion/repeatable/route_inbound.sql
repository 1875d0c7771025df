create or replace function public.route_inbound(
  p_channel text,
  p_type text,
  p_event_id text,
  p_author_id text,
  p_author_name text,
  p_content text,
  p_event_date timestamptz,
  p_conversation_id uuid
)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_conversation uuid;
  v_message uuid;
  v_sent_at timestamptz := coalesce(p_event_date, now());
begin
  select m.id, m.conversation_id into v_message, v_conversation
  from public.messages as m
  where m.channel = p_channel and m.provider_message_id = p_event_id;
  if found then
    return jsonb_build_object('conversation_id', v_conversation, 'message_id', v_message);
  end if;

  select c.id into v_conversation
  from public.conversations as c
  where c.id = p_conversation_id and c.channel = p_channel and c.status in ('open', 'pending');
  if not found then
    v_conversation := public.open_conversation(p_channel, p_author_id, p_author_name);
  end if;

  insert into public.messages (
    conversation_id, contact_id, channel, direction, message_type, content_text, provider_message_id, sent_at,
    metadata
  )
  select
    c.id, c.contact_id, p_channel, 'inbound', case when p_content is null then 'event' else 'text' end,
    p_content, p_event_id, v_sent_at, jsonb_build_object('event_type', p_type)
  from public.conversations as c
  where c.id = v_conversation
  on conflict (channel, provider_message_id) where provider_message_id is not null do nothing
  returning id into v_message;

  if v_message is null then  -- another session routed the same event a moment ago
    select m.id, m.conversation_id into strict v_message, v_conversation
    from public.messages as m
    where m.channel = p_channel and m.provider_message_id = p_event_id;
  else
    perform public.touch_conversation(v_conversation, v_sent_at);
    perform public.analyze_message_simple(v_message);
  end if;
  return jsonb_build_object('conversation_id', v_conversation, 'message_id', v_message);
end
$$;

revoke execute on function public.route_inbound(text, text, text, text, text, text, timestamptz, uuid)
  from public, anon, authenticated, service_role;
comment on function public.route_inbound(text, text, text, text, text, text, timestamptz, uuid) is
  'The routing core: an event becomes contact, conversation and analysed message; one whose message exists'
  ' changes nothing.';
