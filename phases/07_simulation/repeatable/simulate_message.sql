create or replace function public.simulate_message(
  p_channel text,
  p_author_id text,
  p_author_name text default null,
  p_content text default null,
  p_event_id text default null,
  p_event_date timestamptz default null
)
returns jsonb
language sql
security definer
set search_path = ''
as $$
  select public.ingest_route_analyze(
    p_channel, 'message', coalesce(nullif(p_event_id, ''), 'simulated-' || gen_random_uuid()), p_author_id,
    p_author_name, p_content, p_event_date, jsonb_build_object('simulated', true))
$$;

revoke execute on function public.simulate_message(text, text, text, text, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.simulate_message(text, text, text, text, text, timestamptz) to authenticated;
comment on function public.simulate_message(text, text, text, text, text, timestamptz) is
  'Writes to the company as somebody would: the message goes the way of a real one.';
