-- A part of plan.sql: a relation without rows, of these columns.
json_to_record(%(nothing)s::json) as __relation__ (__columns__)
