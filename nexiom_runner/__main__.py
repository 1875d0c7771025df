"""`python -m nexiom_runner` is the console script `nexiom`."""

from nexiom_runner.cli import main

main()
