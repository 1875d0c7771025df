-- Nothing; makes the table in which each change of a row is noted until the end of the transaction.
create table pg_temp.nexiom_changes (relation oid not null, operation text not null, same boolean not null)
