-- One row nobody reads: what a statement outside of any transaction runs under; reset behind it.
select
    pg_catalog.set_config('search_path', 'public, extensions', false),
    pg_catalog.set_config('TimeZone', 'UTC', false),
    pg_catalog.set_config('DateStyle', 'ISO, MDY', false),
    pg_catalog.set_config('IntervalStyle', 'postgres', false),
    pg_catalog.set_config('lock_timeout', {lock_timeout}, false),
    pg_catalog.set_config('statement_timeout', '0', false),
    pg_catalog.set_config('client_min_messages', 'notice', false)
