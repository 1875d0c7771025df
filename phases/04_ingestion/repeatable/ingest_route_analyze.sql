create or replace function public.ingest_route_analyze(
  p_channel text,
  p_type text,
  p_event_id text,
  p_author_id text,
  p_author_name text default null,
  p_content text default null,
  p_event_date timestamptz default null,
  p_raw_payload jsonb default null
)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_event public.webhook_events;
  v_routed jsonb;
begin
  v_routed := public.ingest_webhook_event(
    p_channel, p_type, p_event_id, p_author_id, p_author_name, p_content, p_event_date,
    p_raw_payload => p_raw_payload);
  select * into strict v_event
  from public.webhook_events as e
  where e.id = (v_routed ->> 'id')::uuid
  for update;

  v_routed := public.route_inbound(
    v_event.channel, v_event.type, v_event.event_id, v_event.author_id, v_event.author_name, v_event.content,
    v_event.event_date, v_event.conversation_id);
  update public.webhook_events as e
  set conversation_id = (v_routed ->> 'conversation_id')::uuid
  where e.id = v_event.id and e.conversation_id is distinct from (v_routed ->> 'conversation_id')::uuid;
  return v_routed;
end
$$;

revoke execute on function
  public.ingest_route_analyze(text, text, text, text, text, text, timestamptz, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function
  public.ingest_route_analyze(text, text, text, text, text, text, timestamptz, jsonb)
  to service_role;
comment on function
  public.ingest_route_analyze(text, text, text, text, text, text, timestamptz, jsonb) is
  'Keeps an event and makes it a conversation''s analysed message at once; again, the same ids.';
