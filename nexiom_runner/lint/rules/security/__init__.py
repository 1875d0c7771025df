"""Who reaches what, and with whose rights."""
