create or replace function public.touch_conversation(p_conversation_id uuid, p_at timestamptz)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- Never waits, so that runs beside each other cannot block in a circle: whoever holds the row is
  -- noting a message of this very moment.
  update public.conversations as c
  set last_message_at = greatest(c.last_message_at, p_at), updated_at = now()
  where c.id = (
    select o.id from public.conversations as o where o.id = p_conversation_id for no key update skip locked
  );
end
$$;

revoke execute on function public.touch_conversation(uuid, timestamptz)
  from public, anon, authenticated, service_role;
comment on function public.touch_conversation(uuid, timestamptz) is
  'Notes when a conversation last had a message.';
