create or replace function public.route_webhook_event(p_channel text, p_event_id text)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  select e.id into v_id from public.webhook_events as e where e.channel = p_channel and e.event_id = p_event_id;
  if not found then
    raise exception 'there is no event "%" on channel "%"', p_event_id, p_channel using errcode = 'no_data_found';
  end if;
  return public.route_event(v_id);
end
$$;

revoke execute on function public.route_webhook_event(text, text) from public, anon, authenticated, service_role;
grant execute on function public.route_webhook_event(text, text) to authenticated;
comment on function public.route_webhook_event(text, text) is
  'Routes one event and returns its conversation and message; again, the same ones.';
