-- Nothing; drops a role that nothing depends on any more.
drop role {name}
