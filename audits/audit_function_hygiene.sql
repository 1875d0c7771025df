-- Every function of public pins an empty search_path and is closed to PUBLIC; anon runs the three it is meant to.
select
  p.oid::regprocedure::text as object,
  case
    when opened.to_public then 'PUBLIC may execute it'
    when not coalesce('search_path=""' = any (p.proconfig), false) then 'it does not pin an empty search_path'
    when opened.to_anon and not opened.meant then 'anon may execute it'
    when obj_description(p.oid, 'pg_proc') is null then 'it has no comment'
  end as problem,
  case
    when opened.to_public then format('revoke execute on function %s from public', p.oid::regprocedure)
    when not coalesce('search_path=""' = any (p.proconfig), false) then
      format('alter function %s set search_path = ''''', p.oid::regprocedure)
    when opened.to_anon and not opened.meant then
      format('revoke execute on function %s from anon', p.oid::regprocedure)
    when obj_description(p.oid, 'pg_proc') is null then
      format('comment on function %s is ''…''', p.oid::regprocedure)
  end as fix
from pg_catalog.pg_proc as p
cross join lateral (
  select
    exists (
      select
      from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
      where a.grantee = 0 and a.privilege_type = 'EXECUTE'
    ) as to_public,
    has_function_privilege('anon', p.oid, 'execute') as to_anon,
    p.proname in ('run_pipeline_once', 'settings_overview', 'verify_whatsapp_challenge') as meant
) as opened
where p.pronamespace = 'public'::regnamespace
  and not exists (  -- what an extension brought is not ours
    select
    from pg_catalog.pg_depend as d
    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  )
order by 1;
