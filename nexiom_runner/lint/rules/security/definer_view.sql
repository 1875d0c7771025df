-- One row per view that an API role, or everybody, may read and that shows, with its owner's rights, what the role may not see.
with recursive api as (
    select r.rolname::text as name from pg_roles as r where r.rolname in ('anon', 'authenticated')
    union all
    select 'public'
),
reads as (
    select r.ev_class as view, d.refobjid as relation
    from pg_rewrite as r
    join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
    where d.refobjid <> r.ev_class
),
reached as (
    select v.view, v.relation from reads as v
    union
    select v.view, r.relation
    from reached as v
    join pg_class as c on c.oid = v.relation and c.relkind = 'v'
    join reads as r on r.view = v.relation
),
hidden as (
    select c.oid as view, a.name as role, t.oid as relation, t.relrowsecurity as guarded
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    cross join api as a
    join reached as r on r.view = c.oid
    join pg_class as t on t.oid = r.relation and t.relkind in ('r', 'p', 'm', 'f')
    join pg_namespace as tn on tn.oid = t.relnamespace
    where c.relkind = 'v'
      and n.nspname = any({schemas}::text[])
      and not coalesce(lower(split_part(
          (select o from unnest(c.reloptions) as o where o like 'security_invoker=%' limit 1), '=', 2
      )) in ('true', 'on', 'yes', '1'), false)
      and tn.nspname not in ('pg_catalog', 'information_schema')
      and has_schema_privilege(a.name, n.oid, 'usage')
      and has_any_column_privilege(a.name, c.oid, 'select')
      and (
          t.relrowsecurity
          or not has_any_column_privilege(a.name, t.oid, 'select')
          or not has_schema_privilege(a.name, tn.oid, 'usage')
      )
)
select 'view' as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       format(
           '%s may read it, and with its owner''s rights it reads %s',
           (select string_agg(distinct case h.role when 'public' then 'PUBLIC' else h.role end, ', ')
            from hidden as h where h.view = c.oid),
           (select string_agg(distinct h.relation::regclass::text || case when h.guarded
                then ', past its row security' else ', which they may not' end, '; ')
            from hidden as h where h.view = c.oid)
       ) as message,
       format('alter view %I.%I set (security_invoker = true);', n.nspname, c.relname) as fix,
       null::text as unless
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.oid in (select h.view from hidden as h)
order by 2, 3
