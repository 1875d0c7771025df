create or replace function public.route_event(p_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_event public.webhook_events;
  v_routed jsonb;
begin
  select * into strict v_event from public.webhook_events as e where e.id = p_id for update;
  v_routed := public.route_inbound(
    v_event.channel, v_event.type, v_event.event_id, v_event.author_id, v_event.author_name, v_event.content,
    coalesce(v_event.event_date, v_event.created_at), v_event.conversation_id);
  update public.webhook_events as e
  set routed_at = coalesce(e.routed_at, now()), conversation_id = (v_routed ->> 'conversation_id')::uuid,
      last_error = null
  where e.id = p_id;
  return v_routed;
end
$$;

revoke execute on function public.route_event(uuid) from public, anon, authenticated, service_role;
comment on function public.route_event(uuid) is
  'Makes an event a message and marks it; one whose message exists is only marked.';
