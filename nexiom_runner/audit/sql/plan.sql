-- One plan, as JSON, whose output lists are expressions in the server's own spelling; nothing of it is executed.
explain (verbose, costs off, format json)
with __parts__
__members__
