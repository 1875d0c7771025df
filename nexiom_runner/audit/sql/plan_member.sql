-- A part of plan.sql: what makes the planner keep a part.
select from __part__
