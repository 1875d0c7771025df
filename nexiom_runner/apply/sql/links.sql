-- One row an entry of the project, oldest first, as it is chained.
select number, previous, hash, entry
from nexiom.ledger
where project = %(project)s
order by number
