"""`nexiom test --accept tests/sql`: record what scripts return, beside each of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from nexiom_runner.commands.checking import prepare_checks
from nexiom_runner.commands.opened import Opened, open_prepared
from nexiom_runner.commands.prepared import Prepared
from nexiom_runner.commands.reporting import write_text
from nexiom_runner.commands.request import Request
from nexiom_runner.contract.scripts import script_edit
from nexiom_runner.errors import Fault, RunError, UsageError, describe
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.report.words import count
from nexiom_runner.test.record import Recorded, record_script
from nexiom_runner.test.scripts import TestScript


def accept_scripts(request: Request, prepared: Prepared, paths: Sequence[str]) -> int:
    """Write what nothing asserts yet; 0, or 1 where a script failed or cannot be asserted.

    Raises UsageError for paths that hold no script of tests/sql, and on a protected target.
    """
    if prepared.target.protected:
        name = prepared.target.name
        raise UsageError(Fault(f'target "{name}" is protected: no script of tests/sql runs there'))
    scripts = _chosen(prepare_checks(prepared).scripts, paths, prepared.settings.root)
    with open_prepared(request, prepared) as opened:
        accepted = [_accept(request, opened, script) for script in scripts]  # all of them, whatever one comes to
        return int(not all(accepted))


def _chosen(scripts: Iterable[TestScript], paths: Sequence[str], root: str) -> list[TestScript]:
    by_path = {script.test.source.path: script for script in scripts}
    faults, chosen = [], dict[str, TestScript]()
    for path in paths:
        name = _in_project(path, Path(root))
        found = {one: script for one, script in by_path.items() if one == name or one.startswith(f"{name}/")}
        if not found:
            faults.append(Fault(f'no script of tests/sql is "{path}"', hint=did_you_mean(name, by_path)))
        chosen.update(found)
    if faults:
        raise UsageError(*faults)
    return list(chosen.values())


def _in_project(path: str, root: Path) -> str:
    """The path as the project has it, whether it was typed from there or from the current folder."""
    typed = Path(path)
    here = typed.absolute()
    if here.exists() and here.is_relative_to(root):
        return here.relative_to(root).as_posix()
    return typed.as_posix().rstrip("/")


def _accept(request: Request, opened: Opened, script: TestScript) -> bool:
    path = script.test.source.path
    try:
        recorded = record_script(opened.session, script, opened.values.secrets)
    except RunError as error:
        request.fail(describe(error.faults[0]))
        return False
    for one in recorded:
        if one.repeated is not None:
            message = f'"{path}": two columns of statement {one.key} are called "{one.repeated}"'
            request.fail(describe(Fault(message, hint="Give them names of their own; it was not recorded.")))
    sayable = [one for one in recorded if one.repeated is None]
    _write(request, opened, script, sayable)
    return len(sayable) == len(recorded)


def _write(request: Request, opened: Opened, script: TestScript, recorded: Sequence[Recorded]) -> None:
    path = script.test.source.path
    edit = script_edit(script.test, ((one.position, (one.key, one.rows, one.columns)) for one in recorded))
    if edit is not None:
        write_text(Path(opened.project.root) / edit.path, edit.after)
        request.say(f"wrote {edit.path}   {count(len(recorded), 'statement')} asserted")
    elif recorded:
        request.say(f"{path}   every result is asserted already")
    else:
        request.say(f"{path}   no statement returns rows: nothing to assert")
