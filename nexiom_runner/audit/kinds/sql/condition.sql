-- One row: whether a condition of a phase.yml holds, null where it does not say.
select (__condition__
)::boolean
