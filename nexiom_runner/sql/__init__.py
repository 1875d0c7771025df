"""SQL text: lexed, split, named, fingerprinted and checked for what a script may not hold."""
