"""A plug-in for pytest that writes what every item came to, and what was imported, to the file in RECORD."""

import json
import os
import sys
from pathlib import Path
from typing import Any

OUTCOMES: dict[str, str] = {}


def pytest_runtest_logreport(report: Any) -> None:
    if report.when == "call" or report.outcome != "passed":
        OUTCOMES[report.nodeid] = getattr(report, "nexiom_outcome", report.outcome)


def pytest_sessionfinish(session: Any) -> None:
    if not hasattr(session.config, "workerinput"):
        said = {"outcomes": OUTCOMES, "modules": sorted(sys.modules)}
        Path(os.environ["RECORD"]).write_text(json.dumps(said), "utf-8")
