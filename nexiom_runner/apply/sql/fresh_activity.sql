-- One row nobody reads: what is asked next of pg_stat_activity is of now, not of this transaction's first look.
select pg_catalog.pg_stat_clear_snapshot()
