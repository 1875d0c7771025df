"""A command of commands (`nexiom db`, `nexiom ledger`): a name it does not have is told as `nexiom` tells its own."""

import click

from nexiom_runner.project.names import nearest, shown


class Subcommands(click.Group):
    """A group that suggests the nearest of its commands."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's; raises click.UsageError with the nearest name, or with all of them."""
        name, known = args[0], self.list_commands(ctx)
        if name.startswith("-") or name in known:
            return super().resolve_command(ctx, args)
        near = nearest(name, known)
        rest = f"; did you mean `{ctx.command_path} {near}`?" if near else f"; there are {', '.join(known)}"
        raise click.UsageError(f'no command "{shown(name)}" in `{ctx.command_path}`{rest}', ctx)
