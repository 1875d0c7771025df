"""Shapes: what a JSON value must look like, read from YAML, matched, explained, printed and inferred."""
