-- Nothing; gives relations of the copy the pages and rows that the target's statistics say.
update pg_catalog.pg_class as c
set relpages = given.pages, reltuples = given.tuples
from (
    select * from unnest(%(identities)s::text[], %(pages)s::integer[], %(tuples)s::real[]) as g(identity, pages, tuples)
) as given
where given.identity = pg_catalog.format('%%I.%%I', c.relnamespace::regnamespace::name, c.relname)
  and c.oid >= 16384
