"""What a plan would do to those who use the database meanwhile, and to what relies on what it takes away."""
