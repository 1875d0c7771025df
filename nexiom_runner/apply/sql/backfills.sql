-- One row a backfill of the project that is under way: its script, and rows and batches that are done.
select script, rows, batches
from nexiom.backfills
where project = %(project)s
