"""One project with every kind of segment, for tests that disturb its apply; and what is compared afterwards."""

BEFORE = {
    "01_base/apply.sql": (
        "create table public.t (a int primary key, b text);\n"
        "insert into public.t select n, n from generate_series(1, 99) as n;\n"
        "create index old on public.t (b);\n"
        "create table public.parted (a int) partition by range (a);\n"
        "create table public.part partition of public.parted for values from (0) to (9);\n"
        "create type public.mood as enum ('sad');\n"
    ),
    "01_base/repeatable/seen.sql": "create or replace view public.seen as select a from public.t;\n",
}
SCRIPTS = {
    "01_base/apply.sql": BEFORE["01_base/apply.sql"],
    "01_base/repeatable/seen.sql": "create or replace view public.seen as select a, b from public.t;\n",
    "02_mixed/apply.sql": (
        "insert into public.t values (100, 'hundred');\n"
        "create table if not exists public.t (a int, b text);\n"
        "-- nexiom: commit\n"
        "insert into public.t values (101, 'more');\n"
        "create index concurrently i on public.t (lower(b)) where a > 1;\n"
        "create index concurrently gone on t (a, b);\n"
        "insert into public.t values (102, 'ten');\n"
        "drop index concurrently gone;\n"
        "reindex index concurrently public.i;\n"
        "alter table public.parted detach partition public.part concurrently;\n"
        "alter type public.mood add value 'glad';\n"
        "create table public.felt as select 'glad'::public.mood as mood;\n"
        "vacuum public.t;\n"
        "insert into public.t values (103, 'eleven');\n"
    ),
    "02_mixed/repeatable/count_t.sql": (
        "create or replace function public.count_t() returns bigint language sql stable as "
        "$$ select count(*) from public.t $$;\n"
        "revoke execute on function public.count_t() from public;\n"
    ),
    "03_last/apply.sql": "drop table if exists public.never;\ninsert into public.t values (104, 'last');\n",
}
CATALOG = """
select string_agg(line, E'\\n' order by line) from (
    select concat_ws(' ', relname, relkind, relispartition, relacl) as line from pg_class
    where relnamespace = 'public'::regnamespace
    union all select concat(pg_get_indexdef(indexrelid), ' ', indisvalid, indisready) from pg_index
    join pg_class on pg_class.oid = indexrelid where relnamespace = 'public'::regnamespace
    union all select concat_ws(' ', attrelid::regclass, attname, atttypid::regtype, attnotnull) from pg_attribute
    join pg_class on pg_class.oid = attrelid
    where relnamespace = 'public'::regnamespace and attnum > 0 and relkind <> 'i'
    union all select concat_ws(' ', proname, prosrc, proacl) from pg_proc where pronamespace = 'public'::regnamespace
    union all select pg_get_viewdef('public.seen'::regclass)
    union all select concat('mood ', enumlabel) from pg_enum
    union all select concat('pending ', inhdetachpending) from pg_inherits
    union all select concat('t ', string_agg(concat(a, b), ',' order by a)) from public.t
) as lines
"""
