-- One row an entry of the project, oldest first, as its columns; `hash` only of the newest.
select
    event,
    phase,
    script,
    kind,
    segment,
    segments,
    source,
    semantic,
    renamed_from,
    at,
    by,
    (select instance.format from nexiom.instance) as format,
    case when lead(number) over (order by number) is null then hash end as hash
from nexiom.ledger
where project = %(project)s
order by number
