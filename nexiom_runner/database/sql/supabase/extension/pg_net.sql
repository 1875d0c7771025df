-- Nothing; a stand-in for pg_net: every request is a row of net.http_request_queue and goes nowhere.
create schema net;
create domain net.http_method as text check (lower(value) in ('get', 'post', 'delete'));

create unlogged table net.http_request_queue (
    id bigserial,
    method net.http_method not null,
    url text not null,
    headers jsonb,
    body bytea,
    timeout_milliseconds integer not null
);
comment on table net.http_request_queue is 'Stand-in: the requests that were made. They are recorded, and never sent.';

create unlogged table net._http_response (
    id bigint,
    status_code integer,
    content_type text,
    headers jsonb,
    content text,
    timed_out boolean,
    error_msg text,
    created timestamptz not null default now()
);
comment on table net._http_response is 'Stand-in: stays empty, unless a test writes the answer it wants read.';
create index _http_response_created_idx on net._http_response (created);

create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
create type net.http_response as (status_code integer, headers jsonb, body text);
create type net.http_response_result as (status net.request_status, message text, response net.http_response);

create function net._urlencode_string(string varchar) returns text language sql immutable as $$
    select string_agg(
        case when letter ~ '[A-Za-z0-9_.~-]' then letter
        else regexp_replace(upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g') end,
        '' order by place
    )
    from regexp_split_to_table(string, '') with ordinality as letters (letter, place)
$$;
create function net._encode_url_with_params_array(url text, params_array text[]) returns text
    language sql immutable as $$
    select url || coalesce(
        case when url like '%?%' then '&' else '?' end || nullif(array_to_string(params_array, '&'), ''), ''
    )
$$;
create function net._record_request(method text, url text, params jsonb, headers jsonb, body bytea, wait integer)
    returns bigint language sql volatile as $$
    insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
    select method, net._encode_url_with_params_array(url, coalesce(array_agg(
        net._urlencode_string(key) || '=' || net._urlencode_string(value)
    ) filter (where key is not null), '{}')), headers, body, wait
    from (select 1) as one left join jsonb_each_text(params) on true
    returning id
$$;

create function net.http_get(
    url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000
) returns bigint language plpgsql as $$
begin
    return net._record_request('GET', url, params, headers, null, timeout_milliseconds);
end
$$;
create function net.http_post(
    url text, body jsonb default '{}', params jsonb default '{}',
    headers jsonb default '{"Content-Type": "application/json"}', timeout_milliseconds integer default 5000
) returns bigint language plpgsql as $$
declare
    kind text := (
        select value from jsonb_each_text(coalesce(headers, '{}')) where lower(key) = 'content-type' limit 1
    );
begin
    if kind is null then
        headers := headers || '{"Content-Type": "application/json"}';
    elsif kind <> 'application/json' then
        raise exception 'Content-Type header must be "application/json"';
    end if;
    return net._record_request('POST', url, params, headers, convert_to(body::text, 'UTF8'), timeout_milliseconds);
end
$$;
create function net.http_delete(
    url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000,
    body jsonb default null
) returns bigint language plpgsql as $$
begin
    return net._record_request('DELETE', url, params, headers, convert_to(body::text, 'UTF8'), timeout_milliseconds);
end
$$;
create function net._http_collect_response(request_id bigint, async boolean default true)
    returns net.http_response_result language plpgsql as $$
declare
    found_one net._http_response;
begin
    select * into found_one from net._http_response where id = request_id;
    if found_one.id is null or found_one.error_msg is not null then
        return ('ERROR', coalesce(found_one.error_msg, 'request matching request_id not found'), null);
    end if;
    return ('SUCCESS', 'ok', (found_one.status_code, found_one.headers, found_one.content)::net.http_response);
end
$$;
create function net.wake() returns void language sql as 'select';
create function net.worker_restart() returns boolean language sql as 'select true';
create function net.wait_until_running() returns void language sql as 'select';
create function net.check_worker_is_up() returns void language sql as 'select';
comment on function net.http_get is 'Stand-in: records the request in net.http_request_queue, and sends nothing.';
comment on function net.http_post is 'Stand-in: records the request in net.http_request_queue, and sends nothing.';
comment on function net.http_delete is 'Stand-in: records the request in net.http_request_queue, and sends nothing.';

grant usage on schema net to public, supabase_functions_admin, postgres, anon, authenticated, service_role;
grant all on all tables in schema net to public;
grant all on all sequences in schema net to public;
