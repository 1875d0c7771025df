-- Nothing comes back: makes schema nexiom with its instance, ledger and history where they are not there; one at a time.
do $create$
begin
    perform pg_catalog.pg_advisory_xact_lock(7237145, 1);
    if exists (
        select from pg_catalog.pg_class where relnamespace = pg_catalog.to_regnamespace('nexiom') and relname = 'ledger'
    ) then
        return;
    end if;

    create schema if not exists nexiom;
    revoke all on schema nexiom from public;
    comment on schema nexiom is
        'What nexiom did to this database. Written by nexiom alone; read it through nexiom.history.';

    create table nexiom.instance (
        one boolean primary key default true check (one),
        id uuid not null default pg_catalog.gen_random_uuid(),
        format integer not null default 1
    );
    comment on table nexiom.instance is 'One row: the id drawn when this ledger was made, and the format of these tables.';

    create table nexiom.ledger (
        number bigint generated always as identity primary key,
        project text not null,
        instance uuid not null,
        previous text not null check (previous ~ '^[0-9a-f]{64}$'),
        hash text not null,
        entry text not null,
        event text not null generated always as (entry::pg_catalog.json ->> 'event') stored,
        phase text generated always as (entry::pg_catalog.json ->> 'phase') stored,
        script text generated always as (entry::pg_catalog.json ->> 'script') stored,
        at text not null generated always as (entry::pg_catalog.json ->> 'at') stored,
        constraint ledger_follows unique (project, instance, previous),
        constraint ledger_holds check (
            hash = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(previous || entry, 'UTF8')), 'hex')
        )
    );
    comment on table nexiom.ledger is
        'One row an event. hash is sha256 over previous and entry; rows are added, never changed or taken away.';
    comment on column nexiom.ledger.previous is 'hash of the entry before, 64 zeros for the first: nothing follows twice.';
    comment on column nexiom.ledger.entry is 'RFC 8785 JSON; the columns behind it are read out of it.';

    create view nexiom.history as
    select
        number,
        at::timestamptz as at,
        event,
        phase,
        script,
        coalesce(entry::jsonb #>> '{who,user}', entry::jsonb #>> '{who,role}') as by,
        entry::jsonb #>> '{who,commit}' as commit,
        entry::jsonb #>> '{who,run}' as run,
        entry::jsonb #>> '{where,target}' as target,
        entry::jsonb ->> 'reason' as reason,
        project
    from nexiom.ledger;
    comment on view nexiom.history is 'The ledger to read: what was done, when, by whom.';

    create function nexiom.refuse_change() returns trigger
    language plpgsql
    set search_path = ''
    as $function$
    begin
        raise exception '%% of %%.%% is refused: the history of a database is added to, never changed',
            lower(tg_op), tg_table_schema, tg_table_name
            using errcode = 'object_not_in_prerequisite_state';
    end
    $function$;
    revoke all on function nexiom.refuse_change() from public;
    comment on function nexiom.refuse_change() is 'Keeps nexiom.ledger and nexiom.instance as they were written.';

    create trigger refuse_change before update or delete or truncate on nexiom.ledger
        for each statement execute function nexiom.refuse_change();
    create trigger refuse_change before update or delete or truncate on nexiom.instance
        for each statement execute function nexiom.refuse_change();
    alter table nexiom.ledger enable always trigger refuse_change;
    alter table nexiom.instance enable always trigger refuse_change;

    revoke all on all tables in schema nexiom from public;
    insert into nexiom.instance default values;
end
$create$
