-- Who owns the object of that kind and name: one row, or none where the name is nobody's, or several's.
select min(owner) as owner
from (
  select pg_catalog.pg_get_userbyid(relowner) as owner
  from pg_catalog.pg_class
  where oid = pg_catalog.to_regclass(pg_catalog.quote_ident(%(name)s::text))
    and %(kind)s::text not in ('schema', 'function', 'procedure', 'routine', 'aggregate', 'type')
  union all
  select pg_catalog.pg_get_userbyid(nspowner)
  from pg_catalog.pg_namespace
  where nspname = %(name)s::text and %(kind)s::text = 'schema'
  union all
  select pg_catalog.pg_get_userbyid(proowner)
  from pg_catalog.pg_proc
  where proname = %(name)s::text and %(kind)s::text in ('function', 'procedure', 'routine', 'aggregate')
) as owners
having count(distinct owner) = 1
