"""The order scripts run in, and why."""
