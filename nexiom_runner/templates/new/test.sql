__PHASE__-- Rolled back when it is done. Every statement that returns rows is named, and described in __STEM__.yml.

-- name: first
select 1 as one;
