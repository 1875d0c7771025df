-- broken: it inserts
-- 01_a/apply.sql:
create table log (at timestamptz);
create function f() returns int language plpgsql stable as $$ begin insert into log values (now()); return 1; end $$;
-- finds: 01_a/apply.sql:2: function f(): is stable and inserts: refused in a read-only transaction, as PostgREST's GET is
-- broken: within a WITH
-- 01_a/apply.sql:
create table log (at timestamptz);
create function f() returns bigint language sql stable as $$ with gone as (delete from log returning 1) select count(*) from gone $$;
-- finds: 01_a/apply.sql:2: function f(): is stable and deletes: refused in a read-only transaction, as PostgREST's GET is
-- broken: through another function, two deep
-- 01_a/apply.sql:
create table log (at timestamptz);
create function public.c() returns void language plpgsql as $$ begin update log set at = now(); end $$;
create function public.b() returns void language plpgsql as $$ begin perform public.c(); end $$;
create function public.a(x int) returns int language plpgsql stable as $$ begin perform public.b(); return x; end $$;
-- finds: 01_a/apply.sql:4: function a(integer): is stable and calls c(), which updates: refused in a read-only transaction, as PostgREST's GET is
-- broken: a number from a sequence
-- 01_a/apply.sql:
create sequence s;
create function f() returns bigint language sql immutable as $$ select nextval('s') $$;
-- finds: 01_a/apply.sql:2: function f(): is immutable and calls nextval(): refused in a read-only transaction, as PostgREST's GET is
-- fine: volatile
-- 01_a/apply.sql:
create table log (at timestamptz);
create function f() returns int language plpgsql as $$ begin insert into log values (now()); return 1; end $$;
-- fine: it only reads
-- 01_a/apply.sql:
create table log (at timestamptz);
create function f() returns bigint language sql stable as $$ select count(*) from log -- insert into log values (now())
$$;
-- fine: it says so in a text
-- 01_a/apply.sql:
create function f() returns text language plpgsql stable as $$ begin return 'insert into log values (1)'; end $$;
-- fine: replaced by one that does not
-- 01_a/apply.sql:
create table log (at timestamptz);
create function f() returns int language plpgsql stable as $$ begin insert into log values (now()); return 1; end $$;
-- 02_b/apply.sql:
create or replace function f() returns int language plpgsql stable as $$ begin return 1; end $$;
