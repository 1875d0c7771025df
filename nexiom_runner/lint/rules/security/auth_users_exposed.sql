-- One row per view that an API role, or everybody, may read and that shows data of auth.users.
with recursive api as (
    select r.rolname::text as name from pg_roles as r where r.rolname in ('anon', 'authenticated')
    union all
    select 'public'
),
reads as (
    select r.ev_class as view, d.refobjid as relation, d.refobjsubid as number
    from pg_rewrite as r
    join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
    where d.refobjid <> r.ev_class
),
reached as (
    select v.view, v.relation from reads as v
    union
    select v.view, r.relation
    from reached as v
    join pg_class as c on c.oid = v.relation and c.relkind in ('v', 'm')
    join reads as r on r.view = v.relation
)
select case c.relkind when 'm' then 'materialized view' else 'view' end as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       format(
           'shows %s accounts out of auth.users',
           string_agg(distinct case a.name when 'public' then 'PUBLIC' else a.name end, ', ')
       ) as message,
       format('revoke all on %I.%I from anon, authenticated;', n.nspname, c.relname) as fix,
       null::text as unless
from reached as v
join pg_class as c on c.oid = v.view
join pg_namespace as n on n.oid = c.relnamespace
join pg_class as t on t.oid = v.relation and t.relname = 'users'
join pg_namespace as tn on tn.oid = t.relnamespace and tn.nspname = 'auth'
join api as a on has_schema_privilege(a.name, n.oid, 'usage') and has_any_column_privilege(a.name, c.oid, 'select')
where n.nspname = any({schemas}::text[])
  and not (
      c.relkind = 'v'
      and coalesce(lower(split_part(
          (select o from unnest(c.reloptions) as o where o like 'security_invoker=%' limit 1), '=', 2
      )) in ('true', 'on', 'yes', '1'), false)
      and not has_any_column_privilege(a.name, t.oid, 'select')
  )
group by c.relkind, n.nspname, c.relname
order by 2, 3
