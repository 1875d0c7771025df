-- One row: the relation that this connection's own search_path finds under a name without a schema; null for none.
select pg_catalog.to_regclass(pg_catalog.quote_ident(%(name)s))::pg_catalog.oid as oid
