-- Nothing; holds the project's lock until the transaction ends, or fails with 55P03 where another runner holds it.
do $claim$
begin
    if not pg_catalog.pg_try_advisory_xact_lock(7237145, pg_catalog.hashtext({project})) then
        raise exception using
            message = pg_catalog.concat('another runner is at work on project "', {project}, '"'),
            errcode = 'lock_not_available';
    end if;
end
$claim$
