"""What phase.yml states of every kind of object, compared with the catalog: one file a kind, one query a kind."""
