"""Make .venv ready: by uv when it is there, else by venv and pip. Nothing but Python is needed.

Python 3.6 can read this file, so that whoever has an old one is told in plain words. `exactly` as argument asks for
the very Python that runs this; without it a .venv of any good Python is kept.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "ready")
NO_VENV = (
    "Install it (Debian and Ubuntu: apt-get install python3-venv), or install uv, "
    "or name another Python: make PYTHON=/path/to/python3.12"
)
OFFLINE = ("connection broken", "from versions: none", "ConnectionError", "timed out")  # what pip says of no network


class SetUpError(Exception):
    """What stopped the set-up, and one thing to do about it."""

    def __init__(self, message: str, hint: str, detail: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.detail = message, hint, detail

    def __str__(self) -> str:
        detail = ("\ndetail: " + self.detail.strip().replace("\n", "\n  ")) if self.detail.strip() else ""
        return "error: " + self.message + detail + "\nhint: " + self.hint


def main(exactly: bool) -> None:
    """Leave a .venv that matches pyproject.toml; a second caller in this checkout waits for the first."""
    if sys.version_info[:2] < OLDEST:
        use_newer(exactly)
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as project:
        fcntl.flock(project, fcntl.LOCK_EX)
        stamp = ROOT + "\n" + hashlib.sha256(project.read()).hexdigest() + "\n"
        if not is_ready(stamp, exactly):
            make_environment(exactly)
            with open(STAMP, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(stamp)


def use_newer(exactly: bool) -> None:
    """Go on with a newer Python of the PATH in place of this process. Raises SetUpError when there is none."""
    there = [] if exactly else [path for path in map(shutil.which, NEWER) if path]
    found = next((path for path in there if run([path, "-V"])[0] == 0), None)
    if found is None:
        raise SetUpError(
            "nexiom needs Python 3.11 or newer, found {}.{}.{} in {}".format(*sys.version_info[:3], sys.executable),
            "Name a newer one: make PYTHON=/path/to/python3.12",
        )
    os.execv(found, [found, *sys.argv])


def is_ready(stamp: str, exactly: bool) -> bool:
    """Whether .venv was made from this pyproject.toml in this folder, and still runs."""
    try:
        with open(STAMP, encoding="utf-8", errors="surrogateescape") as file:
            return file.read() == stamp and is_usable(exactly)
    except OSError:
        return False


def is_usable(exactly: bool) -> bool:
    """Whether the Python in .venv runs, is new enough, and is this one where that was asked for."""
    ask = f"import sys; print(sys.version_info[:2] >= {OLDEST}, sys.version)"
    status, said = run([venv_python(), "-I", "-c", ask])
    return status == 0 and said.startswith("True") and (not exactly or said.strip() == "True " + sys.version)


def make_environment(exactly: bool) -> None:
    """Make .venv, or bring it up to date, by the first way that works. Raises SetUpError for the last one."""
    start = time.monotonic()
    fresh = not is_usable(exactly)
    version = "{}.{}.{}".format(*sys.version_info[:3])
    print(f"setting up .venv with Python {version}, once" if fresh else "bringing .venv up to date", flush=True)
    if not with_uv(fresh):
        with_pip(fresh)
    print(f"done in {time.monotonic() - start:.0f} s", flush=True)


def with_uv(fresh: bool) -> bool:
    """Whether uv is there and made it."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    made = not fresh or run([uv, "venv", "--seed", "--clear", "--python", sys.executable, VENV])[0] == 0
    return made and run([uv, "pip", "install", "--python", venv_python(), "-e", ".[dev]"])[0] == 0


def with_pip(fresh: bool) -> None:
    """Make it by the standard library's venv and pip. Raises SetUpError."""
    if fresh:
        status, said = run([sys.executable, "-m", "venv", "--clear", VENV])
        if status != 0:
            raise SetUpError(f"{sys.executable} cannot make a virtual environment", NO_VENV, worst_lines(said))
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-warn-script-location"]
    status, said = run([venv_python(), "-m", "pip", "install", *quiet, "-e", ".[dev]"])
    if status != 0:
        if any(words in said for words in OFFLINE):
            hint = "Is there a network? Run make again when there is; it goes on from here."
            raise SetUpError("the packages could not be downloaded", hint, worst_lines(said))
        raise SetUpError(
            "the packages could not be installed", "Run make again when that is mended.", worst_lines(said)
        )


def venv_python() -> str:
    """The Python of .venv."""
    return os.path.join(VENV, "bin", "python")


def run(command: "list[str]") -> "tuple[int, str]":
    """Exit code of a command that reads no input, and what it wrote; 127 where it is not there."""
    environ = dict(os.environ, PIP_ROOT_USER_ACTION="ignore")
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def worst_lines(text: str) -> str:
    """The lines of a tool's text that begin as errors do, else its last ones; each once, since retries repeat them."""
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    return "\n".join([line for line in lines if line.startswith("ERROR")] or lines[-6:])


if __name__ == "__main__":
    try:
        main(exactly="exactly" in sys.argv[1:])
    except SetUpError as stopped:
        sys.stderr.write(str(stopped) + "\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
