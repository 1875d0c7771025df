create or replace function public.analyze_message_simple(p_message_id uuid)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  v_analysis jsonb;
begin
  select public.classify_text(m.content_text) into v_analysis
  from public.messages as m
  where m.id = p_message_id;
  if not found then
    raise exception 'there is no message %', p_message_id using errcode = 'no_data_found';
  end if;

  insert into public.message_analysis as a (message_id, intent, sentiment, confidence, needs_escalation)
  values (
    p_message_id,
    v_analysis ->> 'intent',
    v_analysis ->> 'sentiment',
    (v_analysis ->> 'confidence')::numeric,
    (v_analysis ->> 'needs_escalation')::boolean
  )
  on conflict (message_id) do update
  set intent = excluded.intent,
      sentiment = excluded.sentiment,
      confidence = excluded.confidence,
      needs_escalation = excluded.needs_escalation,
      updated_at = now();
  return v_analysis;
end
$$;

revoke execute on function public.analyze_message_simple(uuid) from public, anon, authenticated, service_role;
grant execute on function public.analyze_message_simple(uuid) to authenticated;
comment on function public.analyze_message_simple(uuid) is
  'Stores and returns what the rules make of a message; again replaces what was stored.';
