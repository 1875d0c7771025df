-- broken: everybody, as up to PostgreSQL 14
create schema crm; grant create on schema crm to public;
-- finds: schema crm: anon, authenticated, PUBLIC may create objects in it
-- broken: one role of the API
create schema crm; grant all on schema crm to anon;
-- finds: schema crm: anon may create objects in it
-- broken: a name that needs quotes
create schema "Été"; grant create on schema "Été" to authenticated;
-- finds: schema "Été": authenticated may create objects in it
-- fine: they may enter it
create schema crm; grant usage on schema crm to anon, authenticated;
-- fine: the service's role
create schema crm; grant create on schema crm to service_role;
-- fine: a schema that is not the project's
create schema other; grant create on schema other to public;
