-- One row per relation or function of the schemas given that information_schema does not show to the current role.
select 'table' as kind, n.nspname::text as schema, c.relname::text as name, pg_get_userbyid(c.relowner)::text as owner
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(%(schemas)s::text[])
  and c.relkind in ('r', 'p', 'v', 'f')
  and not pg_has_role(c.relowner, 'USAGE')
  and not has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
  and not has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
union all
select 'function', n.nspname::text, p.proname::text, pg_get_userbyid(p.proowner)::text
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any(%(schemas)s::text[])
  and not pg_has_role(p.proowner, 'USAGE')
  and not has_function_privilege(p.oid, 'EXECUTE')
order by schema, name
