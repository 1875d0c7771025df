-- Settings until the end of the transaction, which no role's own overrule: all notices are sent, and no worker counts pages elsewhere.
select pg_catalog.set_config('client_min_messages', 'notice', true), pg_catalog.set_config('max_parallel_workers_per_gather', '0', true)
