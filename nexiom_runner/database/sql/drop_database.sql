-- Nothing; drops a database with the connections to it, where there is one.
drop database if exists {name} with (force)
