-- One row: the plan of a run as JSON, with the pages it touched; the run is done.
explain (analyze, buffers, format json) select public.run_pipeline_once()
