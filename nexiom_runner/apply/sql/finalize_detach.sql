-- Nothing comes back: a detaching that was begun is ended.
alter table {table} detach partition {partition} finalize
