"""Which tests failed last, by target, in the project's target/ folder: what `nexiom test --lf` runs again."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexiom_runner.commands.reporting import write_text
from nexiom_runner.errors import UsageError
from nexiom_runner.report.lines import TESTS
from nexiom_runner.results import FAILING, Result

FILE = Path("target/last-failed.json")


@dataclass(frozen=True, slots=True)
class LastFailed:
    """Subjects of results, as the last runs on a target left them."""

    root: Path
    target: str
    subjects: tuple[str, ...]

    def remember(self, results: Iterable[Result], *, whole: bool) -> None:
        """Keep what fails now; after a run of a part, what was not run still has failed. A folder that cannot be
        written costs the memory, not the run."""
        tests = [result for result in results if result.kind in TESTS]
        ran = {result.subject for result in tests}
        before = () if whole else (subject for subject in self.subjects if subject not in ran)
        failed = dict.fromkeys([*before, *(result.subject for result in tests if result.outcome in FAILING)])
        if tuple(failed) == self.subjects:
            return
        every = {**_read(self.root), self.target: list(failed)}
        try:
            write_text(self.root / FILE, json.dumps(every, ensure_ascii=False, indent=1) + "\n")
        except UsageError:
            return


def last_failed(root: Path, target: str) -> LastFailed:
    """What failed last on this target; nothing where nobody knows."""
    subjects = _read(root).get(target)
    known = subjects if isinstance(subjects, list) else []
    return LastFailed(root, target, tuple(subject for subject in known if isinstance(subject, str)))


def _read(root: Path) -> dict[str, Any]:
    try:
        said = json.loads((root / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
