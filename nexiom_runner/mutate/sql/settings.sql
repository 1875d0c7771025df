-- One row per setting of a function of the schemas that is turned: what happens, and the statement that does it.
select
    n.nspname::text as schema,
    p.proname::text as name,
    change.what,
    format('alter routine %%s %%s', p.oid::regprocedure, change.clause) as statement,
    change.missing
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
cross join lateral (
    select 'drops its search_path' as what, 'reset search_path' as clause, '`search_path:` of the function' as missing
    where exists (select from unnest(p.proconfig) as setting where setting like 'search\_path=%%')
    union all
    select
        case when p.prosecdef then 'runs as its caller' else 'runs as its owner' end,
        case when p.prosecdef then 'security invoker' else 'security definer' end,
        '`security:` of the function'
    union all
    select
        case p.provolatile when 'v' then 'says it is stable' else 'says it is volatile' end,
        case p.provolatile when 'v' then 'stable' else 'volatile' end,
        '`volatility:` of the function'
    where p.prokind = 'f'
) as change
where n.nspname = any(%(schemas)s)
  and p.prokind in ('f', 'p')
  and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by n.nspname, p.proname, p.oid, change.what
