-- Nothing; makes a role a member of another.
grant {role} to {member}
