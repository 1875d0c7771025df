-- Nothing; uuid-ossp written in SQL, for an engine that has none. Version 5 needs SHA-1, which PostgreSQL lacks.
create function uuid_nil() returns uuid language sql immutable as $$ select '00000000-0000-0000-0000-000000000000'::uuid $$;
create function uuid_ns_dns() returns uuid language sql immutable as $$ select '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
create function uuid_ns_url() returns uuid language sql immutable as $$ select '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
create function uuid_ns_oid() returns uuid language sql immutable as $$ select '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
create function uuid_ns_x500() returns uuid language sql immutable as $$ select '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
create function uuid_generate_v4() returns uuid language sql volatile as 'select gen_random_uuid()';
create function uuid_generate_v1mc() returns uuid language sql volatile as $$
    select (
        substr(ticks, 8, 8) || substr(ticks, 4, 4) || '1' || substr(ticks, 1, 3)
        || substr(spare, 17, 4) || encode(set_byte(node, 0, get_byte(node, 0) | 3), 'hex')
    )::uuid
    from (
        select
            lpad(to_hex((extract(epoch from clock_timestamp()) * 10000000)::bigint + 122192928000000000), 15, '0') as ticks,
            replace(gen_random_uuid()::text, '-', '') as spare,
            substring(uuid_send(gen_random_uuid()) from 11) as node
    ) as parts
$$;
create function uuid_generate_v1() returns uuid language sql volatile as 'select @extschema@.uuid_generate_v1mc()';
create function uuid_generate_v3(namespace uuid, name text) returns uuid language sql immutable strict as $$
    select encode(set_byte(
        set_byte(hash, 6, get_byte(hash, 6) & 15 | 48), 8, get_byte(hash, 8) & 63 | 128
    ), 'hex')::uuid
    from (select decode(md5(uuid_send(namespace) || convert_to(name, 'UTF8')), 'hex') as hash) as hashed
$$;
create function uuid_generate_v5(namespace uuid, name text) returns uuid language plpgsql immutable strict as $$
begin
    raise feature_not_supported using
        message = 'uuid_generate_v5() of uuid-ossp is not in its stand-in',
        detail = 'This PostgreSQL came without contrib modules, and SQL alone has no SHA-1.',
        hint = 'Install a PostgreSQL with its contrib modules (on Debian postgresql-17), and nexiom takes that one.';
end
$$;
