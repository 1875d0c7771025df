-- At most one row, of a table that is a partition of the other: whether its detaching was begun and not ended.
select inhdetachpending as pending
from pg_catalog.pg_inherits
where inhrelid = %(partition)s::pg_catalog.oid and inhparent = %(table)s::pg_catalog.oid
