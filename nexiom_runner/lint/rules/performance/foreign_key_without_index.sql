-- One row per foreign key whose columns no index of the referencing table begins with.
select 'constraint' as kind,
       n.nspname::text as schema,
       k.conname::text as name,
       c.relname::text as relation,
       null::text as types,
       format(
           'no index begins with (%s): deleting or changing a row of %s reads all of %s',
           s.columns, k.confrelid::regclass, k.conrelid::regclass
       ) as message,
       format('create index on %I.%I (%s);', n.nspname, c.relname, s.columns) as fix,
       null::text as unless
from pg_constraint as k
join pg_class as c on c.oid = k.conrelid
join pg_namespace as n on n.oid = c.relnamespace
cross join lateral (
    select string_agg(quote_ident(a.attname), ', ' order by o.position) as columns
    from unnest(k.conkey) with ordinality as o(number, position)
    join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = o.number
) as s
where k.contype = 'f'
  and k.conparentid = 0
  and n.nspname = any({schemas}::text[])
  and not exists (
      select
      from pg_index as i
      where i.indrelid = k.conrelid
        and i.indisvalid
        and (select array_agg(x order by x) from unnest(k.conkey) as x) = (
            select array_agg(x order by x)
            from unnest((i.indkey::int2[])[0:cardinality(k.conkey) - 1]) as x
        )
        and (
            i.indpred is null
            or (
                cardinality(k.conkey) = 1
                and pg_get_expr(i.indpred, i.indrelid) = format('(%s IS NOT NULL)', s.columns)
            )
        )
  )
order by 2, 4, 3
