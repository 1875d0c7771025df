-- One row for each object examined; `problem` is null where all is well, `fix` is the SQL that would make it so.
select
  format('%I.%I', n.nspname, c.relname) as object,
  case when not c.relrowsecurity then 'row level security is off' end as problem,
  format('alter table %I.%I enable row level security;', n.nspname, c.relname) as fix
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p')
order by 1;
