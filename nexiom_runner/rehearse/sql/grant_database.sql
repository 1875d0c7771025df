-- Nothing; gives the database's grants as they are on the target; they replace those of a new one.
update pg_catalog.pg_database as d
set datacl = (
    select pg_catalog.array_agg(
        pg_catalog.makeaclitem(coalesce(r.oid, 0), d.datdba, pg_catalog.split_part(g, '=', 1), false)
    )
    from unnest(%(grants)s::text[]) as g
    left join pg_catalog.pg_roles as r on r.rolname = pg_catalog.substr(g, pg_catalog.strpos(g, '=') + 1)
)
where d.datname = pg_catalog.current_database()
