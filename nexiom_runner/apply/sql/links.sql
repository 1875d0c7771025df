-- One row an entry of the project, oldest first, as it is stored, beside the id and the format of this ledger. One row
-- without an entry where the project has none; without a format where nexiom.instance is empty.
select
    ledger.number,
    ledger.previous,
    ledger.hash,
    ledger.entry,
    ledger.instance::text as instance,
    ledger.project,
    ledger.event,
    ledger.phase,
    ledger.script,
    ledger.at,
    own.id::text as own,
    own.format
from (select) as always
left join nexiom.instance as own on true
left join nexiom.ledger on ledger.project = %(project)s
order by ledger.number
