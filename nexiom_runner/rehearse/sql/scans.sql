-- One row per table that this transaction read from end to end, with how often.
select c.oid as id, pg_stat_get_xact_numscans(c.oid) as times
from pg_class as c
where c.relkind in ('r', 'm') and c.oid >= 16384 and pg_stat_get_xact_numscans(c.oid) > 0
