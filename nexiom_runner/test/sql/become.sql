-- One row per caller: whether its role is there and else those that are, whether this session may become it, and the statement that does, with the role's settings and the claims.
with settings as (
  select s.setrole, s.setdatabase, split_part(c.entry, '=', 1) as name, substr(c.entry, strpos(c.entry, '=') + 1) as value
  from pg_db_role_setting as s
  cross join lateral unnest(s.setconfig) as c(entry)
  left join pg_settings as g on g.name = split_part(c.entry, '=', 1)
  where s.setdatabase in (0, (select d.oid from pg_database as d where d.datname = current_database()))
    and (g.context = 'user' or (g.name is null and strpos(split_part(c.entry, '=', 1), '.') > 0))
)
select w.key, w.name, r.oid is not null as present,
  coalesce(pg_has_role(current_user, r.oid, case when current_setting('server_version_num')::integer >= 160000 then 'SET' else 'MEMBER' end), false) as allowed,
  'select ' || coalesce(s.settings || ', ', '') || format(
    'set_config(''request.jwt.claims'', %%L, true), %%s, set_config(''role'', %%L, true)', w.claims, l.statement, w.name
  ) as statement,
  case when r.oid is null then array(select k.rolname::text from pg_roles as k where left(k.rolname, 3) <> 'pg_' order by 1) end as known
from json_to_recordset(%(callers)s::json) as w(key text, name text, claims text, legacy json)
cross join lateral (
  select string_agg(format('set_config(%%L, %%L, true)', 'request.jwt.claim.' || c.key, c.value), ', ') as statement from json_each_text(w.legacy) as c
) as l
left join pg_roles as r on r.rolname = w.name
left join lateral (
  select string_agg(format('set_config(%%L, %%L, true)', g.name, g.value), ', ' order by g.setdatabase, g.name) as settings
  from settings as g
  where g.setrole = r.oid
) as s on true
