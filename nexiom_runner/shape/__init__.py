"""The shapes of JSON values: a small grammar, and the walker that says exactly where a value differs."""
