-- One row: rows and batches done before, none where it begins anew; whoever worked at the backfill no longer may.
insert into nexiom.backfills as known (project, script, run)
values ({project}, {script}, {run})
on conflict (project, script) do update set
    run = excluded.run,
    rows = case {anew} when 1 then 0 else known.rows end,
    batches = case {anew} when 1 then 0 else known.batches end,
    since = case {anew} when 1 then excluded.since else known.since end
returning rows, batches
