-- One row: of these functions how often each was called, by oid, as JSON; by this session's calls that were rolled back, too.
select coalesce(pg_catalog.json_object_agg(c.oid, c.calls) filter (where c.calls > 0), '{}') as counts
from (
  select f.oid, coalesce(pg_catalog.pg_stat_get_function_calls(f.oid), 0) + coalesce(pg_catalog.pg_stat_get_xact_function_calls(f.oid), 0) as calls
  from pg_catalog.unnest(%(functions)s::oid[]) as f(oid)
) as c
