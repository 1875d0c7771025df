-- One row an entry of the project, oldest first: its text; of the newest its hash; the format of the tables. One row
-- without an entry where the project has none, with the projects that have some; without a format where nexiom.instance is empty.
select
    ledger.entry,
    case when lead(ledger.number) over (order by ledger.number) is null then ledger.hash end as hash,
    instance.format,
    case when ledger.number is null
        then (select pg_catalog.array_agg(distinct other.project order by other.project) from nexiom.ledger as other)
    end as others
from (select) as always
left join nexiom.instance on true
left join nexiom.ledger on ledger.project = %(project)s
order by ledger.number
