-- One row: the note for a state that is stored or used now, as JSON text.
select
    pg_catalog.jsonb_build_object(
        'used', extract(epoch from pg_catalog.clock_timestamp()),
        'roles', coalesce(
            %(roles)s::jsonb,
            (select pg_catalog.jsonb_agg(rolname order by rolname) from pg_catalog.pg_roles where not starts_with(rolname, 'pg_'))
        )
    )::text as note
