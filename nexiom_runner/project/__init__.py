"""The project as it lies on disk: nexiom.yml, phases, audits, tests, read strictly into plain data."""
