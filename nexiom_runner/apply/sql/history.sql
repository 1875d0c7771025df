-- One row an entry of the project, oldest first: its text; of the newest its hash; the format of the tables. One row
-- without an entry where the project has none; without a format where nexiom.instance is empty.
select
    ledger.entry,
    case when lead(ledger.number) over (order by ledger.number) is null then ledger.hash end as hash,
    instance.format
from (select) as always
left join nexiom.instance on true
left join nexiom.ledger on ledger.project = %(project)s
order by ledger.number
