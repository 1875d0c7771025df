-- Nothing comes back: an empty table of the same columns, on which an index is defined as it would be on the other.
create temporary table nexiom_probe (like {table}) on commit drop
