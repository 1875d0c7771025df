-- Nothing; lets a template be dropped.
alter database {name} with is_template false
