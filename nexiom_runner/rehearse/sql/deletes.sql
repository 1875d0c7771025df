-- One row: how many catalog rows this transaction deleted; objects may be gone then.
select coalesce(sum(pg_stat_get_xact_tuples_deleted(c.oid)), 0)::bigint as deletes,
       current_setting('track_counts') as tracked
from pg_class as c
where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r'
  and c.relname not in ('pg_depend', 'pg_shdepend', 'pg_statistic', 'pg_statistic_ext_data', 'pg_description')
