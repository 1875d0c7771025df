"""Rehearse a plan: run it where it does no harm, statement by statement, and measure what each one does."""
