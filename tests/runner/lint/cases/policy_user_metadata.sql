-- broken: a role that users give themselves
create table notes (id int, team text);
create policy a on notes using (team = current_setting('request.jwt.claims')::jsonb -> 'user_metadata' ->> 'team');
-- finds: policy a on notes: decides by user_metadata, which every user may set for himself
-- broken: in the check of an insert
create table notes (id int, team text);
create policy a on notes for insert with check (team = current_setting('request.jwt.claims')::jsonb #>> '{user_metadata,team}');
-- finds: policy a on notes: decides by user_metadata, which every user may set for himself
-- broken: under its name in the table
create table notes (id int, claims jsonb);
create policy a on notes using ((current_setting('request.jwt.claims')::jsonb ->> 'raw_user_meta_data') is not null);
-- finds: policy a on notes: decides by user_metadata, which every user may set for himself
-- fine: what only the server sets
create table notes (id int, team text);
create policy a on notes using (team = current_setting('request.jwt.claims')::jsonb -> 'app_metadata' ->> 'team');
-- fine: a column of that name
create table notes (id int, user_metadata text);
create policy a on notes using (user_metadata is null);
-- fine: the subject
create table notes (id int, owner text);
create policy a on notes using (owner = current_setting('request.jwt.claims')::jsonb ->> 'sub');
