-- Runs again whenever it changes: one object, with its grants and comment.
create or replace function public.recent_notes(p_limit integer default 10) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if p_limit < 0 then
    raise exception 'p_limit must not be negative, found %', p_limit using errcode = '22023';
  end if;
  return jsonb_build_object(
    'total', (select count(*) from public.notes),
    'notes', coalesce(
      (
        select jsonb_agg(to_jsonb(n) order by n.created_at desc, n.id desc)
        from (
          select id, body, created_at
          from public.notes
          order by created_at desc, id desc
          limit least(coalesce(p_limit, 10), 100)
        ) as n
      ),
      '[]'
    )
  );
end
$$;

revoke execute on function public.recent_notes(integer) from public, anon;
grant execute on function public.recent_notes(integer) to authenticated;

comment on function public.recent_notes(integer) is 'The newest notes, and how many there are.';
