create or replace function public.respond_with_stub(p_conversation_id uuid, p_text text)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_waiting uuid[];
  v_reply uuid;
begin
  if nullif(btrim(p_text), '') is null then
    raise exception 'p_text must say something' using errcode = 'invalid_parameter_value';
  end if;

  -- An answer answers all that waits in its conversation; it names the newest. What a run is answering at
  -- this moment is that run's.
  select array_agg(w.id order by w.sent_at desc, w.id) into v_waiting
  from (
    select m.id, m.sent_at
    from public.messages as m
    where m.conversation_id = p_conversation_id and m.direction = 'inbound' and m.answered_at is null
    for no key update skip locked
  ) as w;

  insert into public.messages (conversation_id, contact_id, channel, direction, content_text, sent_at, metadata)
  select
    c.id, c.contact_id, c.channel, 'outbound', p_text, clock_timestamp(),
    jsonb_strip_nulls(jsonb_build_object('in_reply_to', v_waiting[1]))
  from public.conversations as c
  where c.id = p_conversation_id
  returning id into v_reply;
  if not found then
    raise exception 'there is no conversation %', p_conversation_id using errcode = 'no_data_found';
  end if;

  update public.messages as m set answered_at = now() where m.id = any (v_waiting);
  perform public.touch_conversation(p_conversation_id, clock_timestamp());
  return v_reply;
end
$$;

revoke execute on function public.respond_with_stub(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.respond_with_stub(uuid, text) to authenticated;
comment on function public.respond_with_stub(uuid, text) is
  'An agent''s answer, which answers all that waits in the conversation; its id. No provider sends it yet.';
