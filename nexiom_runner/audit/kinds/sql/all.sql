-- One row per object or item of the kinds asked for: the name of its query and the row of that as JSON.
select '__query__' as query, to_json(answer) as row
from (
__body__
) as answer
