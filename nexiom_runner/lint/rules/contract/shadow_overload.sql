-- One row per function that PostgREST cannot tell from another of its name, since one set of argument names fits both.
with function as (
    select p.oid, p.pronamespace, p.proname, p.proargtypes,
           coalesce((
               select array_agg(a.name order by a.position)
               from unnest(p.proargnames, coalesce(p.proargmodes, array_fill('i'::"char", array[coalesce(cardinality(p.proargnames), 0)])))
                   with ordinality as a(name, mode, position)
               where a.mode in ('i', 'b', 'v')
           ), '{{}}') as names,
           p.pronargs - p.pronargdefaults as required
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname = any({schemas}::text[])
      and p.prokind in ('f', 'p')
      and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
      and (p.pronargs = 0 or p.proargnames is not null)
      and not exists (
          select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
      )
)
select 'function' as kind,
       n.nspname::text as schema,
       f.proname::text as name,
       null::text as relation,
       oidvectortypes(f.proargtypes) as types,
       format(
           'a call with %s fits %s(%s) as well: PostgREST answers PGRST203',
           coalesce(nullif(array_to_string(array(
               select x from unnest(f.names[1:f.required] || o.names[1:o.required]) with ordinality as u(x, at)
               group by x order by min(at)
           ), ', '), ''), 'no argument'),
           f.proname, oidvectortypes(o.proargtypes)
       ) as message,
       format('drop function %s;', o.oid::regprocedure) as fix,
       null::text as unless
from function as f
join pg_namespace as n on n.oid = f.pronamespace
join function as o on o.pronamespace = f.pronamespace and o.proname = f.proname and o.oid < f.oid
where f.names[1:f.required] <@ o.names and o.names[1:o.required] <@ f.names
order by 2, 3, 5, 6
