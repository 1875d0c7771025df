-- One row per policy that asks who calls anew for every row.
select 'policy' as kind,
       n.nspname::text as schema,
       p.polname::text as name,
       c.relname::text as relation,
       null::text as types,
       format('calls %s anew for every row', string_agg(distinct f.call[1] || '()', ', ')) as message,
       format('write (select %s()) in its place: PostgreSQL then asks once a query', min(f.call[1])) as fix,
       null::text as unless
from pg_policy as p
join pg_class as c on c.oid = p.polrelid
join pg_namespace as n on n.oid = c.relnamespace
cross join lateral regexp_replace(
    concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)),
    '\( ?SELECT \(*(auth\.(uid|jwt|role|email)\(\)|current_setting\()', '', 'gi'
) as e(text)
cross join lateral regexp_matches(e.text, '(auth\.(?:uid|jwt|role|email)|current_setting)\(', 'gi') as f(call)
where n.nspname = any({schemas}::text[])
group by n.nspname, c.relname, p.polname
order by 2, 4, 3
