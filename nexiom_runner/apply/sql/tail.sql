-- One row an entry of the project, oldest first: from the one with this hash on, all where there is none.
select
    number,
    previous,
    hash,
    event,
    script,
    entry::pg_catalog.json ->> 'semantic' as semantic
from nexiom.ledger
where
    project = %(project)s
    and number >= coalesce(
        (select newest.number from nexiom.ledger as newest where newest.project = %(project)s and newest.hash = %(head)s),
        0
    )
order by number
