-- One row: rows and batches of all runs; 0 where nothing is under way any more.
select coalesce(pg_catalog.sum(rows), 0) as rows, coalesce(pg_catalog.sum(batches), 0) as batches
from nexiom.backfills
where project operator(pg_catalog.=) {project} and script operator(pg_catalog.=) {script}
