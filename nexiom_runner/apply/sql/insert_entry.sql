-- One row, the hash of the new entry; none where the transaction that set nexiom.run is over.
insert into nexiom.ledger (project, instance, previous, hash, entry)
select
    {project},
    instance.id,
    {previous},
    pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat({previous}, {entry}), 'UTF8')), 'hex'),
    {entry}
from nexiom.instance
where pg_catalog.current_setting('nexiom.run', true) operator(pg_catalog.=) {run}
returning hash
