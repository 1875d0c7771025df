-- Nothing; makes a database as a copy of another, which nobody may be connected to.
create database {name} template {template}
