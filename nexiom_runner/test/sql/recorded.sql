-- One JSON text: rows inserted, updated and deleted by table as they were noted, and how many of those updates changed nothing.
select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(c.oid, n.nspname, c.relname, t.inserted, t.updated, t.deleted, t.same)), '[]')::pg_catalog.text
from (
  select relation, pg_catalog.count(*) filter (where operation = 'INSERT') as inserted,
    pg_catalog.count(*) filter (where operation = 'UPDATE') as updated,
    pg_catalog.count(*) filter (where operation = 'DELETE') as deleted,
    pg_catalog.count(*) filter (where same) as same
  from pg_temp.nexiom_changes
  group by relation
) as t
join pg_catalog.pg_class as c on c.oid = t.relation
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
