-- Nothing; makes a role a member of another that may pass it on.
grant {role} to {member} with admin option
