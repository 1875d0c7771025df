-- One row a connection that WAL is sent to: its name, seconds it is behind by its own account, up to where it has
-- replayed and up to where this server has written, in bytes. state is null where this role may not see all that.
select
    pg_catalog.concat_ws(
        ' at ', coalesce(nullif(application_name, ''), 'without a name'), pg_catalog.host(client_addr)
    ) as name,
    state,
    coalesce(extract(epoch from replay_lag), 0)::float8 as seconds,
    pg_catalog.pg_wal_lsn_diff(replay_lsn, '0/0')::bigint as replayed,
    pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::bigint as written
from pg_catalog.pg_stat_replication
where state is null or state in ('streaming', 'catchup')
order by name
