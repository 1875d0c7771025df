-- Nothing; makes a database as a copy of another that nobody is connected to.
create database {name} owner {owner} template {template} strategy file_copy
