"""New files of a project: all of them or none, and never over one that is there."""

from collections.abc import Mapping
from pathlib import Path

from nexiom_runner.errors import Fault, UsageError


def write_new(root: Path, files: Mapping[str, str]) -> list[str]:
    """Write each file below `root`; the paths, sorted.

    Raises UsageError naming what is in the way or cannot be written; what was written by then is taken away again.
    """
    there = sorted(path for path in files if (root / path).exists())
    if there:
        raise UsageError(*(Fault(f'"{path}" is there already', hint="Nothing was written.") for path in there))
    done: list[Path] = []
    try:
        for path, text in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            done.append(file)
            with open(file, "x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
    except OSError as error:
        for file in done:
            file.unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise UsageError(Fault(f'cannot write "{error.filename}": {reason}', hint="Nothing was written.")) from None
    return sorted(files)
