-- One row per guard of a table of the schemas that is taken away: row security, policies, constraints, not null, triggers.
with relation as (
    select c.oid, n.nspname, c.relname, c.relrowsecurity, format('table %%s', c.oid::regclass) as spelled
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = any(%(schemas)s)
      and c.relkind in ('r', 'p')
      and not exists (
          select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
      )
)
select r.nspname::text as schema, r.relname::text as name, change.what, change.statement, change.missing
from relation as r
cross join lateral (
    select 1 as turn, 'turns row security off' as what, format('alter %%s disable row level security', r.spelled)
        as statement, '`row_security:` of the table' as missing
    where r.relrowsecurity
    union all
    select 2, format('drops policy %%I', p.polname), format('drop policy %%I on %%s', p.polname, r.oid::regclass),
        '`policies:` of the table, or a call as a role that it lets through'
    from pg_policy as p
    where p.polrelid = r.oid
    union all
    select 3, format('lets policy %%I pass every row', p.polname),
        format('alter policy %%I on %%s using (true)', p.polname, r.oid::regclass),
        '`policies:` of the table, or a call as a role that it keeps out'
    from pg_policy as p
    where p.polrelid = r.oid
      and p.polcmd <> 'a'
      and pg_get_expr(p.polqual, p.polrelid) <> 'true'
    union all
    select 4, format('drops constraint %%I', k.conname), format('alter %%s drop constraint %%I', r.spelled, k.conname),
        '`constraints:` of the table, or a call that it refuses'
    from pg_constraint as k
    where k.conrelid = r.oid
      and k.contype in ('c', 'f', 'u')
      and not exists (select from pg_constraint as other where other.conindid = k.conindid and other.contype = 'f'
                      and other.oid <> k.oid and k.contype = 'u')
    union all
    select 5, format('lets %%I be null', a.attname),
        format('alter %%s alter column %%I drop not null', r.spelled, a.attname), '`columns:` of the table'
    from pg_attribute as a
    where a.attrelid = r.oid
      and a.attnum > 0
      and a.attnotnull
      and not a.attisdropped
      and a.attidentity = ''
      and not exists (
          select from pg_constraint as k where k.conrelid = r.oid and k.contype = 'p' and a.attnum = any(k.conkey)
      )
    union all
    select 6, format('turns trigger %%I off', t.tgname),
        format('alter %%s disable trigger %%I', r.spelled, t.tgname), '`triggers:` of the table, or a call that fires it'
    from pg_trigger as t
    where t.tgrelid = r.oid
      and not t.tgisinternal
) as change
order by r.nspname, r.relname, change.turn, change.what
