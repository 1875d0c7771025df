-- A part of plan.sql: expressions over the columns of one relation.
__part__ as materialized (
    select __expressions__
    from json_to_record(%(nothing)s::json) as __relation__ (__columns__)
)
