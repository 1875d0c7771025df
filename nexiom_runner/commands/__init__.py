"""One file a command: plain arguments in, exit code out; the flow is read here."""
