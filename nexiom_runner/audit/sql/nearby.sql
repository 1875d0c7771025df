-- One row per name near to one that was asked for and is not there, by kind: what a misspelling may have meant.
with missing as (
    select kind, name, length(name) as size
    from unnest(%(kinds)s::text[], %(names)s::text[]) as asked(kind, name)
),
existing as (
    select 'table' as kind, n.nspname::text as schema, c.relname::text as name
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and 'table' = any(%(kinds)s::text[])
    union all
    select distinct 'function', n.nspname::text, p.proname::text
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where 'function' = any(%(kinds)s::text[])
    union all
    select 'role', '', r.rolname::text
    from pg_roles as r
    where r.rolname not like 'pg\_%%'
    union all
    select 'type', n.nspname::text, spelling.name
    from pg_type as t
    join pg_namespace as n on n.oid = t.typnamespace
    cross join lateral unnest(
        case when n.nspname = 'pg_catalog'
            then array[t.typname::text, format_type(t.oid, null)]
            else array[t.typname::text]
        end
    ) as spelling(name)
    where t.typelem = 0 and t.typtype in ('b', 'd', 'e', 'r') and 'type' = any(%(kinds)s::text[])
)
select existing.kind, existing.schema, existing.name
from existing
where (existing.kind = 'type' or existing.schema not in ('pg_catalog', 'information_schema', 'pg_toast'))
  and exists (
      select
      from missing
      where missing.kind = existing.kind
        and abs(length(existing.name) - missing.size) <= 2 + missing.size / 3
        and (existing.kind <> 'type' or left(existing.name, 1) = left(missing.name, 1))
  )
order by existing.schema <> 'public', existing.schema, existing.name
limit 20000
