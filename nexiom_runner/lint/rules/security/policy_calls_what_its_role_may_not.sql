-- One row per policy whose condition calls a function that a role of it, who may use the table, may not execute.
with calls as (
    select p.oid, p.polname, p.polrelid, p.polroles, d.refobjid as function
    from pg_policy as p
    join pg_depend as d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
),
refused as (
    select distinct c.oid, c.polname, c.polrelid, c.function, r.rolname::text as role
    from calls as c
    join pg_roles as r on r.oid = any(c.polroles)
        or (0 = any(c.polroles) and r.rolname in ('anon', 'authenticated'))
    join pg_class as t on t.oid = c.polrelid
    where (
        has_any_column_privilege(r.oid, c.polrelid, 'select, insert, update')
        or has_table_privilege(r.oid, c.polrelid, 'delete')
    )
      and not r.rolbypassrls
      and (
          not has_function_privilege(r.oid, c.function, 'execute')
          or not has_schema_privilege(r.oid, (select f.pronamespace from pg_proc as f where f.oid = c.function), 'usage')
      )
)
select 'policy' as kind,
       n.nspname::text as schema,
       x.polname::text as name,
       c.relname::text as relation,
       null::text as types,
       format('%s may not execute %s, which it calls: every query of the table is refused',
           string_agg(x.role, ', ' order by x.role), x.function::regprocedure) as message,
       format('grant execute on function %s to %s;', x.function::regprocedure,
           string_agg(quote_ident(x.role), ', ' order by x.role)) as fix,
       null::text as unless
from refused as x
join pg_class as c on c.oid = x.polrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any({schemas}::text[]) and c.relrowsecurity
group by n.nspname, c.relname, x.polname, x.function
order by 2, 4, 3, 6
