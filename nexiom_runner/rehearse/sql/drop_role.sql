-- Nothing; drops a role that owns nothing.
drop role {name}
