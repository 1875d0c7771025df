-- Nothing; makes a role or takes one that is there, with these attributes, and never a superuser.
do $make$
declare
    given jsonb := {given};
begin
    if not exists (select from pg_catalog.pg_roles where rolname = given ->> 'name') then
        execute pg_catalog.format('create role %%I', given ->> 'name');
    end if;
    execute pg_catalog.format('alter role %%I nosuperuser %%s', given ->> 'name', given ->> 'attributes');
end
$make$
