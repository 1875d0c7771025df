-- One row, a plan in JSON with schemas; executes nothing. The statement follows.
explain (verbose, costs, format json)
