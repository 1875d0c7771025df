-- One row nobody reads: what every script runs under, whatever the role's and the server's settings are. Unqualified
-- names are those of public, then of extensions, where Supabase keeps them; a schema named like the role is not asked.
select
    pg_catalog.set_config('search_path', 'public, extensions', true),
    pg_catalog.set_config('TimeZone', 'UTC', true),
    pg_catalog.set_config('DateStyle', 'ISO, MDY', true),
    pg_catalog.set_config('IntervalStyle', 'postgres', true),
    pg_catalog.set_config('lock_timeout', {lock_timeout}, true),
    pg_catalog.set_config('statement_timeout', {statement_timeout}, true),
    pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true),
    pg_catalog.set_config('client_min_messages', 'notice', true)
