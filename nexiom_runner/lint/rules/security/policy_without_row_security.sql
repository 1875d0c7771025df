-- One row per table that has policies while its row security is off.
select 'table' as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       format(
           'row security is off, so that %s %s without effect',
           string_agg(quote_ident(p.polname), ', ' order by p.polname),
           case count(*) when 1 then 'is' else 'are' end
       ) as message,
       format('alter table %I.%I enable row level security;', n.nspname, c.relname) as fix,
       null::text as unless
from pg_policy as p
join pg_class as c on c.oid = p.polrelid
join pg_namespace as n on n.oid = c.relnamespace
where not c.relrowsecurity and n.nspname = any({schemas}::text[])
group by n.nspname, c.relname
order by 2, 3
