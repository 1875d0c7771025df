-- One row per role asked for by name; its settings are those everywhere and those in this database.
select '' as schema,
       r.rolname::text as name,
       r.rolcanlogin as login,
       r.rolsuper as superuser,
       r.rolinherit as inherit,
       r.rolcreatedb as create_db,
       r.rolcreaterole as create_role,
       r.rolreplication as replication,
       r.rolbypassrls as bypass_rls,
       r.rolconnlimit::text as connection_limit,
       r.rolvaliduntil::text as valid_until,
       (
           select json_agg(g.rolname order by g.rolname)
           from pg_auth_members as m
           join pg_roles as g on g.oid = m.roleid
           where m.member = r.oid
       ) as member_of,
       (
           select json_agg(json_build_array(setting.name, setting.value) order by setting.name)
           from (
               select distinct on (1)
                      split_part(each, '=', 1) as name,
                      substr(each, strpos(each, '=') + 1) as value
               from pg_db_role_setting as s
               cross join lateral unnest(s.setconfig) as each
               where s.setrole = r.oid
                 and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
               order by 1, s.setdatabase desc
           ) as setting
       ) as settings,
       shobj_description(r.oid, 'pg_authid') as comment
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_roles as r on r.rolname = asked.name
