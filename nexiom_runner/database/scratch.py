"""A server for one run, beside the projects' own: what is made on it is thrown away with it, roles included."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from nexiom_runner.database.embedded import Running, start
from nexiom_runner.database.engine import Engine
from nexiom_runner.database.leftovers import remove_state
from nexiom_runner.database.process import signal_stop, wait_ended


@contextmanager
def scratch_server(engine: Engine, environ: Mapping[str, str]) -> Iterator[Running]:
    """A server of this engine that nobody else uses, gone with the block. Raises what `start` raises.

    It is known by a folder that never is: what a killed run leaves has no project, and is removed by whoever makes a
    server next. Nobody does so meanwhile, since its lock is held to the end.
    """
    root = Path(tempfile.gettempdir()) / f"nexiom-scratch-{token_hex(8)}"
    with start(root, str(engine.bin), environ=environ) as running:
        try:
            yield running
        finally:
            signal_stop(running.state)
            wait_ended(running.state)
            remove_state(running.state)
            shutil.rmtree(running.state.folder, ignore_errors=True)
