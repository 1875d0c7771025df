-- One row for each object examined; `problem` is null where all is well, `fix` is the SQL that would make it so.
-- Runs after the last phase; a first line `-- phase: NAME` makes it run after that one.
select
  format('%I.%I', n.nspname, c.relname) as object,
  case when k.oid is null then 'no primary key' end as problem,
  format('alter table %I.%I add primary key (id);', n.nspname, c.relname) as fix
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_constraint as k on k.conrelid = c.oid and k.contype = 'p'
where n.nspname = '__SCHEMA__' and c.relkind in ('r', 'p')
order by 1;
