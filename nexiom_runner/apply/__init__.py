"""Carry out a plan: scripts into a database, each with its ledger entry."""
