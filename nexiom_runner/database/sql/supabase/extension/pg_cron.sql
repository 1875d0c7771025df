-- Nothing; a stand-in for pg_cron: every job is a row of cron.job, and none runs.
create schema cron;
create sequence cron.jobid_seq;
create sequence cron.runid_seq;

create table cron.job (
    jobid bigint primary key default nextval('cron.jobid_seq'),
    schedule text not null,
    command text not null,
    nodename text not null default 'localhost',
    nodeport integer not null default current_setting('port')::integer,
    database text not null default current_database(),
    username text not null default current_user,
    active boolean not null default true,
    jobname text,
    constraint jobname_username_uniq unique (jobname, username)
);
comment on table cron.job is 'Stand-in: the jobs that were scheduled. They are recorded, and never run.';
alter table cron.job enable row level security;
create policy cron_job_policy on cron.job using (username = current_user);

create table cron.job_run_details (
    jobid bigint,
    runid bigint primary key default nextval('cron.runid_seq'),
    job_pid integer,
    database text,
    username text,
    command text,
    status text,
    return_message text,
    start_time timestamptz,
    end_time timestamptz
);
comment on table cron.job_run_details is 'Stand-in: stays empty, since no job runs.';
alter table cron.job_run_details enable row level security;
create policy cron_job_run_details_policy on cron.job_run_details using (username = current_user);

-- What pg_cron's own parser takes: five fields, `$` for the last day of the month, seconds, or a name.
create function cron._is_schedule(schedule text) returns boolean language sql immutable as $$
    select lower(trim(schedule)) in (
            '@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly', '@reboot'
        )
        or schedule ~* '^\s*([1-9]|[1-5][0-9])\s+seconds?\s*$'
        or (
            array_length(regexp_split_to_array(trim(schedule), '\s+'), 1) = 5
            and (
                select bool_and(
                    (item ~* '^(\*|[0-9]{1,2}|[a-z]{3})(-([0-9]{1,2}|[a-z]{3}))?(/[1-9][0-9]?)?$' or (item = '$' and place = 3))
                    and case when item ~ '^[0-9]' then (regexp_match(item, '^[0-9]+'))[1]::integer
                        between (array[0, 0, 1, 1, 0])[place] and (array[59, 23, 31, 12, 7])[place] else true end
                    and case when item ~ '-[0-9]' then (regexp_match(item, '-([0-9]+)'))[1]::integer
                        between (array[0, 0, 1, 1, 0])[place] and (array[59, 23, 31, 12, 7])[place] else true end
                    and case when item ~* '^[a-z]' then place in (4, 5) else true end
                )
                from regexp_split_to_table(trim(schedule), '\s+') with ordinality as fields (field, place),
                    regexp_split_to_table(field, ',') as item
            )
        )
$$;

create function cron._record_job(
    caller text, job_name text, schedule text, command text, database text, username text, active boolean
) returns bigint language plpgsql security definer set search_path = pg_catalog as $$
declare
    made bigint;
begin
    if not coalesce(cron._is_schedule(schedule), false) then
        raise invalid_parameter_value using message = format('invalid schedule: %s', schedule),
            hint = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-59] seconds''';
    end if;
    insert into cron.job as j (jobname, schedule, command, database, username, active)
    values (job_name, schedule, command, coalesce(database, current_database()), coalesce(username, caller), coalesce(active, true))
    on conflict on constraint jobname_username_uniq
    do update set schedule = excluded.schedule, command = excluded.command, database = excluded.database, active = excluded.active
    returning j.jobid into made;
    return made;
end
$$;
create function cron._forget_job(caller text, job_id bigint, job_name text) returns boolean
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    delete from cron.job as j
    where j.username = caller and (j.jobid = job_id or j.jobname = job_name);
    if not found then
        raise exception 'could not find valid entry for job %',
            coalesce('''' || job_name || '''', job_id::text);
    end if;
    return true;
end
$$;
create function cron._change_job(
    caller text, job_id bigint, schedule text, command text, database text, username text, active boolean
) returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
    if schedule is not null and not cron._is_schedule(schedule) then
        raise invalid_parameter_value using message = format('invalid schedule: %s', schedule);
    end if;
    update cron.job as j
    set schedule = coalesce(_change_job.schedule, j.schedule), command = coalesce(_change_job.command, j.command),
        database = coalesce(_change_job.database, j.database), username = coalesce(_change_job.username, j.username),
        active = coalesce(_change_job.active, j.active)
    where j.jobid = job_id and j.username = caller;
    if not found then
        raise exception 'Job % does not exist or you don''t own it', job_id;
    end if;
end
$$;

create function cron.schedule(schedule text, command text) returns bigint language sql strict as $$
    select cron._record_job(current_user::text, null, schedule, command, null, null, true)
$$;
create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql as $$
    select cron._record_job(current_user::text, job_name, schedule, command, null, null, true)
$$;
create function cron.schedule_in_database(
    job_name text, schedule text, command text, database text, username text default null, active boolean default true
) returns bigint language sql as $$
    select cron._record_job(current_user::text, job_name, schedule, command, database, username, active)
$$;
create function cron.alter_job(
    job_id bigint, schedule text default null, command text default null, database text default null,
    username text default null, active boolean default null
) returns void language sql as $$
    select cron._change_job(current_user::text, job_id, schedule, command, database, username, active)
$$;
create function cron.unschedule(job_id bigint) returns boolean language sql strict as $$
    select cron._forget_job(current_user::text, job_id, null)
$$;
create function cron.unschedule(job_name text) returns boolean language sql strict as $$
    select cron._forget_job(current_user::text, null, job_name)
$$;
comment on function cron.schedule(text, text) is 'Stand-in: records the job in cron.job, and never runs it.';
comment on function cron.schedule(text, text, text) is 'Stand-in: records the job in cron.job, and never runs it.';

revoke all on function cron.schedule_in_database(text, text, text, text, text, boolean) from public;
revoke all on function cron.alter_job(bigint, text, text, text, text, boolean) from public;
grant select on cron.job to public;
grant select, delete on cron.job_run_details to public;
grant select on sequence cron.jobid_seq, cron.runid_seq to public;
grant usage on schema cron to postgres with grant option;
grant all on all functions in schema cron to postgres with grant option;
grant all on cron.job_run_details to postgres with grant option;
revoke trigger on cron.job_run_details from postgres;
grant select on cron.job to postgres with grant option;
