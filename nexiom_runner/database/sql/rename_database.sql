-- Nothing; gives a database another name.
alter database {name} rename to {new}
