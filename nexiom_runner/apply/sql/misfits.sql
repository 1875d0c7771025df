-- One row a column that only the statement or only the table has, or that has another type in the table.
with stated as (
    select column_.name, column_.type
    from pg_catalog.json_to_recordset(%(columns)s::json) as column_ (name text, type text)
),

there as (
    select
        attribute.attname::text as name,
        attribute.atttypid as type,
        pg_catalog.format_type(attribute.atttypid, attribute.atttypmod) as shown
    from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_class as class on class.oid = attribute.attrelid
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    where
        class.relname = %(name)s
        and namespace.nspname = coalesce(%(schema)s::text, pg_catalog.current_schema())
        and attribute.attnum > 0
        and not attribute.attisdropped
)

select
    coalesce(stated.name, there.name) as name,
    case when stated.name is not null then coalesce(stated.type, 'a column') end as stated,
    there.shown as found
from stated
full join there on there.name = stated.name
where
    stated.name is null
    or there.name is null
    or pg_catalog.to_regtype(stated.type)::pg_catalog.oid <> there.type
order by 1
