"""Templates: sandboxed Jinja in, SQL text out, every character of it with its place in the source."""
