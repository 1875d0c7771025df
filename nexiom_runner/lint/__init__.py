"""Rules that need no expectation: what is wrong in the catalog, in the scripts, and in what a plan would run."""
