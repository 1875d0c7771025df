-- One row per constraint that was never validated.
select 'constraint' as kind,
       n.nspname::text as schema,
       k.conname::text as name,
       c.relname::text as relation,
       null::text as types,
       'was added not valid and never validated: older rows may break it, and the planner does not use it' as message,
       format('alter table %I.%I validate constraint %I;', n.nspname, c.relname, k.conname) as fix,
       null::text as unless
from pg_constraint as k
join pg_class as c on c.oid = k.conrelid
join pg_namespace as n on n.oid = c.relnamespace
where not k.convalidated
  and k.contype in ('c', 'f', 'n')
  and k.conparentid = 0
  and n.nspname = any({schemas}::text[])
  and coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
order by 2, 4, 3
