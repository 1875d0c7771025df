"""Expectations written from a live database into phase.yml, the user's own text around them left as it is."""
