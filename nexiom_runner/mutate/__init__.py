"""Changes to a built database that a project's checks ought to notice."""
