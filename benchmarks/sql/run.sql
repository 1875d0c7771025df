-- One row: what a run did, as it returns it.
select public.run_pipeline_once() as done
