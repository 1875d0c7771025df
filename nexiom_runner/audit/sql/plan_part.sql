-- A part of plan.sql: expressions over the columns of some relations.
__part__ as materialized (
    select __expressions__
    from __sources__
)
