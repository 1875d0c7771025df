"""`python -m benchmarks [NAME …]`: every measurement, or those named."""

import sys
from collections.abc import Callable, Iterable

from benchmarks import (
    against_pgtap,
    against_pgtap_calls,
    against_psql,
    audit_catalog,
    clone,
    nothing_to_do,
    pipeline_history,
    start_up,
)

MEASUREMENTS: dict[str, Callable[[], Iterable[object]]] = {
    "start-up": start_up.measure,
    "apply": against_psql.measure,
    "nothing-to-do": nothing_to_do.measure,
    "audit": audit_catalog.measure,
    "audit-size": audit_catalog.measure_sizes,
    "pgtap": against_pgtap.measure,
    "calls": against_pgtap_calls.measure,
    "history": pipeline_history.measure,
    "clone": clone.measure,
}


def main() -> None:
    """Run them, print a line each."""
    for name in sys.argv[1:] or MEASUREMENTS:
        for line in MEASUREMENTS[name]():
            print(line, flush=True)


main()
