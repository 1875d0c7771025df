-- Nothing; counts a batch in its own transaction, or fails with 55P03 where another runner works at the backfill now.
do $batch$
begin
    update nexiom.backfills
    set rows = rows operator(pg_catalog.+) {rows}, batches = batches operator(pg_catalog.+) 1
    where
        project operator(pg_catalog.=) {project}
        and script operator(pg_catalog.=) {script}
        and run operator(pg_catalog.=) {run};
    if not found then
        raise exception using message = {taken}, errcode = 'lock_not_available';
    end if;
end
$batch$
