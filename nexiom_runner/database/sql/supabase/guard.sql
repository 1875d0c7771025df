-- Nothing; refuses what the owner of storage's tables may here, and postgres may not when hosted. Sent whole.
create schema nexiom_platform authorization supabase_admin;
grant usage on schema nexiom_platform to public;
comment on schema nexiom_platform is 'Stand-in: keeps postgres from what it may not do when hosted.';

create function nexiom_platform.is_managed(relation oid) returns boolean language sql stable as $$
    select relation in ('storage.buckets'::regclass, 'storage.objects'::regclass, 'realtime.messages'::regclass)
$$;

create function nexiom_platform.refuse_changes() returns event_trigger language plpgsql as $$
declare
    done record;
    touched oid;
begin
    if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        return;
    end if;
    for done in select * from pg_catalog.pg_event_trigger_ddl_commands() loop
        touched := case done.classid
            when 'pg_class'::regclass then coalesce(
                (select indrelid from pg_catalog.pg_index where indexrelid = done.objid), done.objid
            )
            when 'pg_rewrite'::regclass then (select ev_class from pg_catalog.pg_rewrite where oid = done.objid)
            when 'pg_constraint'::regclass then (select conrelid from pg_catalog.pg_constraint where oid = done.objid)
            when 'pg_statistic_ext'::regclass then (select stxrelid from pg_catalog.pg_statistic_ext where oid = done.objid)
            when 'pg_publication_rel'::regclass then (select prrelid from pg_catalog.pg_publication_rel where oid = done.objid)
        end;
        if nexiom_platform.is_managed(touched) then
            raise insufficient_privilege using
                message = format('must be owner of table %s', (select relname from pg_catalog.pg_class where oid = touched)),
                hint = 'It belongs to Supabase, which lets postgres make policies and triggers on it, and nothing else.';
        end if;
    end loop;
end
$$;

create function nexiom_platform.refuse_drops() returns event_trigger language plpgsql as $$
declare
    gone record;
begin
    if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        return;
    end if;
    for gone in
        select * from pg_catalog.pg_event_trigger_dropped_objects()
        where schema_name in ('storage', 'realtime') and object_type not in ('policy', 'trigger', 'table constraint')
    loop
        raise insufficient_privilege using
            message = format('must be owner of %s %s', gone.object_type, coalesce(gone.object_name, gone.object_identity)),
            hint = 'It belongs to Supabase, which lets postgres make policies and triggers on it, and nothing else.';
    end loop;
end
$$;

create event trigger nexiom_platform_changes on ddl_command_end
    when tag in (
        'ALTER INDEX', 'ALTER PUBLICATION', 'ALTER STATISTICS', 'ALTER TABLE', 'COMMENT', 'CREATE INDEX',
        'CREATE PUBLICATION', 'CREATE RULE', 'CREATE STATISTICS', 'SECURITY LABEL'
    )
    execute function nexiom_platform.refuse_changes();
create event trigger nexiom_platform_drops on sql_drop execute function nexiom_platform.refuse_drops();
