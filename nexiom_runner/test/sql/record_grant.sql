-- Nothing; lets whoever calls read what was noted.
grant select on pg_temp.nexiom_changes to public
