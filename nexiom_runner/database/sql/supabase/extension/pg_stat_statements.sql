-- Nothing; an empty pg_stat_statements, for an engine that has none: nothing is counted.
create view pg_stat_statements as
select
    null::oid as userid, null::oid as dbid, null::boolean as toplevel, null::bigint as queryid, null::text as query,
    null::bigint as plans, null::double precision as total_plan_time, null::bigint as calls,
    null::double precision as total_exec_time, null::double precision as min_exec_time,
    null::double precision as max_exec_time, null::double precision as mean_exec_time,
    null::double precision as stddev_exec_time, null::bigint as rows
where false;
comment on view pg_stat_statements is 'Stand-in: stays empty, nothing is counted.';
create function pg_stat_statements_reset(
    userid oid default 0, dbid oid default 0, queryid bigint default 0, minmax_only boolean default false
) returns timestamptz language sql volatile as 'select now()';
grant select on pg_stat_statements to public;
