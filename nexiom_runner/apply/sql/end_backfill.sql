-- Nothing; the backfill is no longer under way, or it fails with 55P03 where another runner works at it now.
do $end$
begin
    delete from nexiom.backfills
    where
        project operator(pg_catalog.=) {project}
        and script operator(pg_catalog.=) {script}
        and run operator(pg_catalog.=) {run};
    if not found then
        raise exception using message = {taken}, errcode = 'lock_not_available';
    end if;
end
$end$
