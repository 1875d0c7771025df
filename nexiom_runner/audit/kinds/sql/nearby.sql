-- One row per name of the kinds asked for: what a misspelling may have meant.
select kind, schema, name
from (
    select 'schema' as kind, '' as schema, n.nspname::text as name
    from pg_namespace as n
    where n.nspname not like 'pg\_%%'
    union all
    select case t.typtype when 'e' then 'enum' when 'd' then 'domain' else 'type' end, n.nspname::text, t.typname::text
    from pg_type as t
    join pg_namespace as n on n.oid = t.typnamespace
    left join pg_class as c on c.oid = t.typrelid
    where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
      and coalesce(c.relkind, 'c') = 'c'
      and not exists (select from pg_type as element where element.typarray = t.oid)
    union all
    select 'sequence', n.nspname::text, c.relname::text
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind = 'S' and n.nspname not in ('pg_catalog', 'information_schema')
    union all
    select unnest(array['role', 'default privileges']), '', r.rolname::text
    from pg_roles as r
    where r.rolname not like 'pg\_%%'
    union all
    select 'extension', '', e.name::text
    from pg_available_extensions as e
    where 'extension' = any(%(kinds)s::text[])
    union all
    select 'publication', '', p.pubname::text
    from pg_publication as p
    union all
    select 'event trigger', '', e.evtname::text
    from pg_event_trigger as e
) as existing
where kind = any(%(kinds)s::text[])
order by schema <> 'public', schema, name
limit 20000
