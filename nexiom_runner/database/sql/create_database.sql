-- Nothing; makes an empty database of this owner.
create database {name} owner {owner} template template0
