"""What phase.yml may state of each kind of object besides columns and functions: one file a kind, one table of keys."""
