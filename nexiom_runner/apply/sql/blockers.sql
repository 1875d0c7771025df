-- One row a session that keeps the message marked with a text waiting: who, since when; by which process, for how many
-- seconds; whether transactions have to end (nobody queues behind that) or a lock is queued for; whether ours is one.
select distinct
    case
        when blocking.pid = 0 then 'a prepared transaction'
        else pg_catalog.format(
            'role %s, %s from %s, pid %s, %s',
            coalesce(other.usename, '?'),
            coalesce(nullif(other.application_name, ''), 'an unnamed application'),
            case
                when other.client_addr is not null then pg_catalog.host(other.client_addr)
                when other.backend_start is not null then 'this machine'
                else 'a host that this role may not see'
            end,
            blocking.pid,
            coalesce(
                pg_catalog.format(
                    '%s, in a transaction since %s UTC',
                    other.state,
                    pg_catalog.to_char(other.xact_start at time zone 'UTC', 'HH24:MI:SS')
                ),
                'in a state that this role may not see'
            )
        )
    end as blocker,
    awaited.locktype in ('virtualxid', 'transactionid') as transactions,
    coalesce(extract(epoch from pg_catalog.clock_timestamp() - awaited.waitstart), 0) as seconds,
    pg_catalog.pg_backend_pid() = any (pg_catalog.pg_blocking_pids(ours.pid)) as for_this
from pg_catalog.pg_stat_activity as ours
join pg_catalog.pg_locks as awaited on awaited.pid = ours.pid and not awaited.granted
cross join lateral pg_catalog.unnest(pg_catalog.pg_blocking_pids(ours.pid)) as blocking (pid)
left join pg_catalog.pg_stat_activity as other on other.pid = blocking.pid
where
    ours.wait_event_type = 'Lock'
    and pg_catalog.strpos(ours.query, {mark}) > 0
    and ours.pid <> pg_catalog.pg_backend_pid()
order by blocker
