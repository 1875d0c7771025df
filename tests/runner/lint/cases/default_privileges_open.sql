-- broken: every table to come
alter default privileges in schema public grant select, insert on tables to anon;
-- finds: default privileges of nexiom_owner in public: anon will hold insert, select on every table created from now on
-- broken: every function to come, by name
alter default privileges in schema public grant execute on functions to authenticated;
-- finds: default privileges of nexiom_owner in public: authenticated will hold execute on every function created from now on
-- broken: everywhere, for everybody
alter default privileges grant select on tables to public;
-- finds: default privileges of nexiom_owner: PUBLIC will hold select on every table created from now on
-- fine: the service's
alter default privileges in schema public grant all on tables to service_role;
-- fine: a schema that is not the project's
create schema other;
alter default privileges in schema other grant select on tables to anon;
-- fine: what PostgreSQL grants itself
alter default privileges grant execute on functions to service_role;
-- fine: taken away from everybody
alter default privileges revoke execute on functions from public;
