-- Nothing comes back: adds entries of another database's ledger, in their order; the table checks each hash.
insert into nexiom.ledger (project, instance, previous, hash, entry)
select %(project)s, instance.id, given.previous, given.hash, given.entry
from nexiom.instance
cross join rows from (
    pg_catalog.json_to_recordset(%(links)s::pg_catalog.json) as (previous text, hash text, entry text)
) with ordinality as given (previous, hash, entry, place)
order by given.place
