-- A part of plan.sql: a table itself, where an expression speaks of its rows or of a system column.
only __table__ as __relation__
