"""A runner for the tests: uses the embedded server of a project until its input ends."""

import os
import sys

from nexiom_runner.database.embedded import start

with start(sys.argv[1], sys.argv[2], environ=os.environ) as running:
    print("started" if running.started else "adopted", flush=True)
    sys.stdin.read()
