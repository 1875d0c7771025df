"""The database: the only border of psycopg, and the owner of the embedded server."""
