"""What people and machines read: one model, many renderers; no server, no terminal, no clock."""
