"""What an apply would do, and why: pure, from files and the ledger's state alone."""
