-- phase: 00_platform
-- The API's roles: there, without a login, able to reach the schema, and above row security only where meant.
select
  'role ' || w.name as object,
  case
    when r.oid is null then 'it is missing'
    when r.rolcanlogin then 'it can log in'
    when r.rolsuper then 'it is a superuser'
    when r.rolbypassrls <> w.bypasses then
      case when w.bypasses then 'row security binds it' else 'row security does not bind it' end
    when not has_schema_privilege(r.oid, 'public', 'usage') then 'it has no usage on schema public'
  end as problem,
  case
    when r.oid is null then 'apply phase 00_platform'
    when r.rolcanlogin then 'alter role ' || w.name || ' nologin'
    when r.rolsuper then 'alter role ' || w.name || ' nosuperuser'
    when r.rolbypassrls <> w.bypasses then
      'alter role ' || w.name || case when w.bypasses then ' bypassrls' else ' nobypassrls' end
    when not has_schema_privilege(r.oid, 'public', 'usage') then 'grant usage on schema public to ' || w.name
  end as fix
from (values ('anon', false), ('authenticated', false), ('service_role', true)) as w (name, bypasses)
left join pg_catalog.pg_roles as r on r.rolname = w.name;
