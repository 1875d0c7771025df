"""The group of commands: their names and one-line helps; a command's module is imported when it is run."""

from difflib import get_close_matches
from importlib import import_module

import click

# name, section, what `nexiom --help` says. The module is nexiom_runner.commands.<name>.
COMMANDS = (
    ("build", "Apply", "Apply, audit and test the project, and give the verdict"),
    ("plan", "Apply", "Show what apply would do and why; touches nothing"),
    ("rehearse", "Apply", "Run the plan on a copy and measure what it locks and rewrites"),
    ("apply", "Apply", "Apply what is pending, one transaction a script"),
    ("accept", "Apply", "Take an edited phase as it is now, with a reason"),
    ("resolve", "Apply", "Say of a statement that a dead run had begun whether it was done"),
    ("retire", "Apply", "Let go of a phase whose files are gone, with a reason"),
    ("audit", "Check", "Compare the database with the declared expectations"),
    ("test", "Check", "Run the calls and the SQL tests, rolled back"),
    ("lint", "Check", "Find what is wrong without being told what is right"),
    ("expect", "Check", "Write expectations from the live database"),
    ("report", "Check", "Check all and write the readiness report"),
    ("verify", "Check", "Recompute the chain of the ledger"),
    ("ledger", "Check", "Print the ledger's head, export it, import it"),
    ("status", "Look", "Each phase's state on the target"),
    ("history", "Look", "What was done to the target, when and by whom"),
    ("ls", "Look", "List phases"),
    ("graph", "Look", "Show the order of the scripts and why"),
    ("render", "Look", "Print the SQL that would be sent"),
    ("init", "Everyday", "Start a project that builds"),
    ("new", "Everyday", "Add a phase, an audit or a test"),
    ("sql", "Everyday", "Run a script or a statement and show every result"),
    ("call", "Everyday", "Call a function and print its JSON"),
    ("db", "Everyday", "Start, stop and look at the embedded PostgreSQL"),
    ("doctor", "Everyday", "Say what is installed, which target and role, and what is missing"),
    ("completion", "Everyday", "Print the completion script of a shell"),
)


class Commands(click.Group):
    """A group that knows its commands' names without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order people meet them."""
        return [name for name, _, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None for an unknown name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"nexiom_runner.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the nearest name suggested."""
        name = args[0]
        if not name.startswith("-") and name not in self.list_commands(ctx):
            near = get_close_matches(name, self.list_commands(ctx), 1)
            suggestion = f"; did you mean `nexiom {near[0]}`?" if near else ""
            raise click.UsageError(f'no command "{name}"{suggestion}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Sections of commands from the table, so that help imports none of them."""
        for section in dict.fromkeys(section for _, section, _ in COMMANDS):
            with formatter.section(section):
                formatter.write_dl([(name, text) for name, where, text in COMMANDS if where == section])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nexiom", message="nexiom %(version)s")
def nexiom() -> None:
    """Migrations, audits and tests for PostgreSQL, as a project of phases.

    \b
    nexiom init my_project     start one
    nexiom build               apply it to a PostgreSQL of its own, audit, test
    """
