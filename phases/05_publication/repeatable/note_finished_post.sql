create or replace function public.note_finished_post()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.status not in ('published', 'failed') then
    new.finished_at := null;
  elsif tg_op = 'INSERT' then
    new.finished_at := coalesce(new.finished_at, now());
  elsif new.finished_at is null
    or (new.status is distinct from old.status and new.finished_at is not distinct from old.finished_at) then
    new.finished_at := now();
  end if;
  return new;
end
$$;

revoke execute on function public.note_finished_post() from public, anon, authenticated, service_role;
comment on function public.note_finished_post() is
  'Sets finished_at when a post becomes published or failed, unless the writer says when that was.';
