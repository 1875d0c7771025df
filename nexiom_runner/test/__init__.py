"""Calls of functions and scripts of tests/sql: run on a database, compared with their shapes, rolled back."""
