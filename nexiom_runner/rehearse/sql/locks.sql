-- One row per lock of this transaction on what is not PostgreSQL's own, whether that is still there, and per advisory
-- lock.
select
    l.locktype as type,
    case l.locktype when 'relation' then 'pg_class' when 'object' then l.classid::regclass::text else '' end as class,
    case l.locktype when 'relation' then l.relation else l.objid end as id,
    l.classid,
    case
        when l.locktype = 'advisory'
        then case
            when l.objsubid = 1 then 'key ' || ((l.classid::bigint << 32) + l.objid::bigint)
            else 'keys ' || l.classid::bigint || ', ' || l.objid::bigint
        end
        else ''
    end as advisory,
    l.mode,
    case
        when l.locktype = 'relation' then c.oid is not null
        when l.locktype = 'object' and l.mode = 'AccessExclusiveLock'
        then (pg_identify_object(l.classid, l.objid, 0)).identity is not null
        else true
    end as there
from pg_locks as l
left join pg_class as c on l.locktype = 'relation' and c.oid = l.relation
where l.pid = pg_backend_pid()
  and l.granted
  and (
      (l.locktype = 'relation' and l.relation >= 16384 and c.relnamespace is distinct from 'pg_toast'::regnamespace)
      or (l.locktype = 'object' and l.objid >= 16384)
      or l.locktype = 'advisory'
  )
