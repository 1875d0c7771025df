-- Nothing; gives the schema public of this database to its owner (PostgreSQL 14 keeps it the superuser's).
alter schema public owner to {owner}
