"""What happened to a database, as a chain of entries: pure, nothing here talks to one."""
