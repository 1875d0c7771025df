-- Nothing; makes the superuser that prepares the copy.
create role {name} superuser login
