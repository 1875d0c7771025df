"""A runner that becomes the server's parent (Linux: a subreaper) and never reaps it: killed, it stays a zombie."""

import ctypes
import os
import sys

from nexiom_runner.database.embedded import start

PR_SET_CHILD_SUBREAPER = 36

ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
running = start(sys.argv[1], sys.argv[2], environ=os.environ)
print("started", flush=True)
sys.stdin.read()
