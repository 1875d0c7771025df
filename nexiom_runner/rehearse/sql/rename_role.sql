-- Nothing; gives a role another name.
alter role {name} rename to {new}
