-- Nothing; makes an empty database.
create database {name} owner {owner} template template0
