-- Nothing; what SQL can do of pgcrypto, for an engine that has none. The rest says which engine would do.
create function _lacks(what text) returns void language plpgsql as $$
begin
    raise feature_not_supported using
        message = format('%s of pgcrypto is not in its stand-in', what),
        detail = 'This PostgreSQL came without contrib modules; digest, hmac and gen_random_bytes are written in SQL.',
        hint = 'Install a PostgreSQL with its contrib modules (on Debian postgresql-17), and nexiom takes that one.';
end
$$;

create function gen_random_uuid() returns uuid language sql volatile as 'select pg_catalog.gen_random_uuid()';
create function gen_random_bytes(count integer) returns bytea language plpgsql volatile strict as $$
begin
    if count not between 1 and 1024 then
        raise external_routine_invocation_exception using message = 'Length not in range';
    end if;
    -- The last seven bytes of a random uuid are random as a whole.
    return substring(
        (
            select string_agg(substring(uuid_send(pg_catalog.gen_random_uuid()) from 10), ''::bytea)
            from generate_series(1, count / 7 + 1)
        ) from 1 for count
    );
end
$$;
create function digest(data bytea, type text) returns bytea language plpgsql immutable strict parallel safe as $$
begin
    case lower(type)
        when 'md5' then return decode(md5(data), 'hex');
        when 'sha224' then return sha224(data);
        when 'sha256' then return sha256(data);
        when 'sha384' then return sha384(data);
        when 'sha512' then return sha512(data);
        when 'sha1' then perform @extschema@._lacks('digest(…, ''sha1'')');
        else raise invalid_parameter_value using message = format('Cannot use "%s": No such hash algorithm', type);
    end case;
    return null;
end
$$;
create function digest(data text, type text) returns bytea language sql immutable strict parallel safe as $$
    select @extschema@.digest(convert_to(data, getdatabaseencoding()), type)
$$;
create function hmac(data bytea, key bytea, type text) returns bytea language plpgsql immutable strict parallel safe as $$
declare
    size integer := case when lower(type) in ('sha384', 'sha512') then 128 else 64 end;
    padded bytea := case when length(key) > size then @extschema@.digest(key, type) else key end;
    inner_key bytea;
    outer_key bytea;
begin
    padded := padded || decode(repeat('00', size - length(padded)), 'hex');
    inner_key := padded;
    outer_key := padded;
    for place in 0 .. size - 1 loop
        inner_key := set_byte(inner_key, place, get_byte(padded, place) # 54);
        outer_key := set_byte(outer_key, place, get_byte(padded, place) # 92);
    end loop;
    return @extschema@.digest(outer_key || @extschema@.digest(inner_key || data, type), type);
end
$$;
create function hmac(data text, key text, type text) returns bytea language sql immutable strict parallel safe as $$
    select @extschema@.hmac(
        convert_to(data, getdatabaseencoding()), convert_to(key, getdatabaseencoding()), type
    )
$$;

create function crypt(password text, salt text) returns text language sql as $$
    select @extschema@._lacks('crypt()'); select null::text
$$;
create function gen_salt(type text) returns text language sql as $$
    select @extschema@._lacks('gen_salt()'); select null::text
$$;
create function gen_salt(type text, rounds integer) returns text language sql as $$
    select @extschema@._lacks('gen_salt()'); select null::text
$$;
create function encrypt(data bytea, key bytea, type text) returns bytea language sql as $$
    select @extschema@._lacks('encrypt()'); select null::bytea
$$;
create function decrypt(data bytea, key bytea, type text) returns bytea language sql as $$
    select @extschema@._lacks('decrypt()'); select null::bytea
$$;
create function pgp_sym_encrypt(data text, key text) returns bytea language sql as $$
    select @extschema@._lacks('pgp_sym_encrypt()'); select null::bytea
$$;
create function pgp_sym_encrypt(data text, key text, options text) returns bytea language sql as $$
    select @extschema@._lacks('pgp_sym_encrypt()'); select null::bytea
$$;
create function pgp_sym_decrypt(data bytea, key text) returns text language sql as $$
    select @extschema@._lacks('pgp_sym_decrypt()'); select null::text
$$;
create function pgp_sym_decrypt(data bytea, key text, options text) returns text language sql as $$
    select @extschema@._lacks('pgp_sym_decrypt()'); select null::text
$$;
