-- One row per table that an API role was granted by name while it may not use the schema.
select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       format(
           '%s %s granted, and may not use schema %I: the grant is without effect until somebody opens the schema',
           string_agg(distinct r.rolname::text, ', '),
           case count(distinct r.oid) when 1 then 'was' else 'were' end,
           n.nspname
       ) as message,
       format(
           'revoke all on %I.%I from %s;', n.nspname, c.relname, string_agg(distinct quote_ident(r.rolname), ', ')
       ) as fix,
       'grants' as unless
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
cross join lateral aclexplode(c.relacl) as a
join pg_roles as r on r.oid = a.grantee and r.rolname in ('anon', 'authenticated')
where c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname = any({schemas}::text[])
  and not has_schema_privilege(r.oid, n.oid, 'usage')
group by c.relkind, n.nspname, c.relname
order by 2, 3
