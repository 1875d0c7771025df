create or replace function public.__FUNCTION__(p_limit integer default 10) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  if p_limit < 0 then
    raise exception 'p_limit must not be negative, found %', p_limit using errcode = '22023';
  end if;
  return jsonb_build_object('limit', coalesce(p_limit, 10));
end
$$;

revoke execute on function public.__FUNCTION__(integer) from public;

comment on function public.__FUNCTION__(integer) is 'Say in a sentence what it is for.';
