-- One JSON text: rows this transaction inserted, updated and deleted by table, what it undid included; whether anything may have been undone; pages of tables and indexes it touched.
select pg_catalog.json_build_object(
  'counted', pg_catalog.current_setting('track_counts')::pg_catalog.bool,
  'undone', (
    select pg_catalog.pg_current_xact_id_if_assigned() is not null and (
      n.last - n.own > 1000 or exists (
        select from pg_catalog.generate_series(n.own + 1, n.last - 1) as x(id)
        where pg_catalog.pg_xact_status(x.id::pg_catalog.text::pg_catalog.xid8) = 'aborted'
      )
    )
    from (
      select pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.text::pg_catalog.int8 as own,
        pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::pg_catalog.text::pg_catalog.int8 as last
    ) as n
  ),
  'tables', (
    select pg_catalog.json_agg(pg_catalog.json_build_array(t.oid, n.nspname, t.relname, t.inserted, t.updated, t.deleted))
    from (
      select c.oid, c.relnamespace, c.relname, pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) as inserted,
        pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) as updated, pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) as deleted
      from pg_catalog.pg_class as c
      where c.oid >= 16384 and c.relkind = 'r' and c.relpersistence <> 't'
    ) as t
    join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
    where t.inserted + t.updated + t.deleted > 0
  ),
  'pages', (
    select coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_blocks_fetched(c.oid)), 0)
    from pg_catalog.pg_class as c
    where c.oid >= 16384
  )
)::pg_catalog.text
