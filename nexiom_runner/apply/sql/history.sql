-- One row an entry of the project, oldest first: its text; of the newest its hash; the format of the tables.
select
    entry,
    case when lead(number) over (order by number) is null then hash end as hash,
    (select instance.format from nexiom.instance) as format
from nexiom.ledger
where project = %(project)s
order by number
