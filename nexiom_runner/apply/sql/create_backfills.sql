-- Nothing comes back: makes the table of how far backfills are, where it is not there; one at a time.
do $create$
begin
    perform pg_catalog.pg_advisory_xact_lock(7237145, 1);
    if pg_catalog.to_regclass('nexiom.backfills') is null then
        create table nexiom.backfills (
            project text not null,
            script text not null,
            run text not null,
            rows bigint not null default 0,
            batches bigint not null default 0,
            since timestamptz not null default pg_catalog.clock_timestamp(),
            primary key (project, script)
        );
        comment on table nexiom.backfills is
            'How far each backfill is that is under way; a batch counts itself in its own transaction. run: who works.';
    end if;
end
$create$
