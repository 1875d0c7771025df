"""The rules: a page each, and beside it the query or the function that finds."""
