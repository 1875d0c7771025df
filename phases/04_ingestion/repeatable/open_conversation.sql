create or replace function public.open_conversation(p_channel text, p_external_id text, p_name text)
returns uuid
language plpgsql
security definer
set search_path = ''
set lock_timeout = '2s'
as $$
declare
  v_contact uuid;
  v_conversation uuid;
begin
  if nullif(p_external_id, '') is null then
    raise exception 'an event without an author has no conversation' using errcode = 'invalid_parameter_value';
  end if;

  -- Once without a lock, which is the usual case; then once more behind whoever makes the same.
  for v_round in 1 .. 2 loop
    select l.contact_id, c.id into v_contact, v_conversation
    from public.contact_channels as l
    left join lateral (
      select o.id
      from public.conversations as o
      where o.contact_id = l.contact_id and o.channel = p_channel and o.status in ('open', 'pending')
      order by o.created_at desc
      limit 1
    ) as c on true
    where l.channel = p_channel and l.external_id = p_external_id;
    if v_conversation is not null then
      return v_conversation;
    end if;
    if v_round = 1 then
      perform pg_advisory_xact_lock(hashtextextended('nexiom author ' || p_channel || ' ' || p_external_id, 0));
    end if;
  end loop;

  if v_contact is null then
    v_contact := public.known_contact(p_channel, p_external_id, p_name);
  end if;
  insert into public.conversations (contact_id, channel, channel_conversation_id)
  values (v_contact, p_channel, p_external_id)
  returning id into v_conversation;
  return v_conversation;
end
$$;

revoke execute on function public.open_conversation(text, text, text)
  from public, anon, authenticated, service_role;
comment on function public.open_conversation(text, text, text) is
  'The conversation under way with an author on a channel, made with its contact when there is none.'
  ' Waits at most two seconds for another session that makes the same one.';
