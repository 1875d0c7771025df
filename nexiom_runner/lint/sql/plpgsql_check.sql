-- One row per thing that plpgsql_check says of a plpgsql function of the schemas; of a trigger's, for each of its tables.
select distinct
       case p.prokind when 'p' then 'procedure' else 'function' end as kind,
       n.nspname::text as schema,
       p.proname::text as name,
       oidvectortypes(p.proargtypes) as types,
       c.lineno as line,
       c.level,
       c.message,
       c.hint
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
join pg_language as l on l.oid = p.prolang and l.lanname = 'plpgsql'
left join pg_trigger as t on t.tgfoid = p.oid and not t.tgisinternal
cross join lateral {check}(p.oid, coalesce(t.tgrelid, 0)) as c
where n.nspname = any(%(schemas)s::text[])
  and p.prorettype <> 'event_trigger'::regtype
  and (p.prorettype <> 'trigger'::regtype or t.oid is not null)
order by 2, 3, 4, 5, 7
