-- Nothing; creates an extension in this schema.
create extension {name} schema {schema}
