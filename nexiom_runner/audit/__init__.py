"""Comparison of a database with what the project says of it: object by object, and by the project's own queries."""
