create or replace function public.ingest_webhook_event(
  p_channel text,
  p_type text,
  p_event_id text,
  p_author_id text default null,
  p_author_name text default null,
  p_content text default null,
  p_event_date timestamptz default null,
  p_post_id text default null,
  p_conversation_id uuid default null,
  p_raw_payload jsonb default null
)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  if nullif(p_event_id, '') is null then
    raise exception 'p_event_id must name the event' using errcode = 'invalid_parameter_value';
  end if;

  insert into public.webhook_events (
    channel, type, event_id, author_id, author_name, content, event_date, post_id, conversation_id, raw_payload
  )
  values (
    p_channel, p_type, p_event_id, p_author_id, p_author_name, p_content, coalesce(p_event_date, now()), p_post_id,
    p_conversation_id, coalesce(p_raw_payload, '{}')
  )
  on conflict (channel, event_id) do nothing
  returning id into v_id;
  if v_id is not null then
    return jsonb_build_object('id', v_id, 'created', true);
  end if;

  select e.id into strict v_id
  from public.webhook_events as e
  where e.channel = p_channel and e.event_id = p_event_id;
  return jsonb_build_object('id', v_id, 'created', false);
end
$$;

revoke execute on function
  public.ingest_webhook_event(text, text, text, text, text, text, timestamptz, text, uuid, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function
  public.ingest_webhook_event(text, text, text, text, text, text, timestamptz, text, uuid, jsonb)
  to service_role;
comment on function
  public.ingest_webhook_event(text, text, text, text, text, text, timestamptz, text, uuid, jsonb) is
  'Keeps an event as it came, once: the same event again changes nothing and says created: false.';
