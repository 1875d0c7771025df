"""What is live in a database, as data: tables, functions, who may use them and why."""
