-- At most one row: who holds the lock of the project in this database, and since when; what is hidden is not guessed.
select
    pg_catalog.format(
        '%%s %%s, %%s from %%s, since %%s',
        case when role.rolsuper then 'superuser' else 'role' end,
        coalesce(activity.usename, '?'),
        coalesce(nullif(activity.application_name, ''), 'an unnamed application'),
        case
            when activity.client_addr is not null then pg_catalog.host(activity.client_addr)
            when activity.backend_start is not null then 'this machine'
            else 'a host that this role may not see'
        end,
        coalesce(pg_catalog.to_char(activity.xact_start at time zone 'UTC', 'HH24:MI:SS "UTC"'), 'an unknown time')
    ) as holder
from pg_catalog.pg_locks as held
join pg_catalog.pg_stat_activity as activity on activity.pid = held.pid
left join pg_catalog.pg_roles as role on role.oid = activity.usesysid
where
    held.locktype = 'advisory'
    and held.granted
    and held.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
    and held.classid = 7237145
    and held.objid = (pg_catalog.hashtext(%(project)s)::bigint & 4294967295)::oid
    and held.objsubid = 2
limit 1
