"""nexiom: migrations, audits and tests for PostgreSQL, as a project of phases."""

__version__ = "0.1.0"
