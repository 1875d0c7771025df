"""`nexiom completion SHELL`: the script that completes commands and options."""

import click
from click.shell_completion import get_completion_class

_WHERE = {
    "bash": "~/.bashrc",
    "zsh": "~/.zshrc",
    "fish": "~/.config/fish/completions/nexiom.fish",
}


@click.command(short_help="Print the completion script of a shell")
@click.argument("shell", type=click.Choice(list(_WHERE)))
def command(shell: str) -> int:
    """Print the script that makes SHELL complete nexiom's commands and options.

    \b
    nexiom completion bash >> ~/.bashrc
    nexiom completion fish > ~/.config/fish/completions/nexiom.fish
    """
    root = click.get_current_context().find_root().command
    completion = get_completion_class(shell)
    assert completion is not None, shell
    script = completion(root, {}, "nexiom", "_NEXIOM_COMPLETE")
    click.echo(script.source_template % script.source_vars())
    return 0
