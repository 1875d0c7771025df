"""A project in outline: what every command has of it, while the phases' expectations stay packed (see `model`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nexiom_runner.errors import Place

if TYPE_CHECKING:
    from nexiom_runner.project.calling import User
    from nexiom_runner.project.hosted import Hosted, Way
    from nexiom_runner.project.model import Audit, Fixture, Phase, RuleLevel, SqlTest, Waiver
    from nexiom_runner.project.stand_in import StandIn


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: project-relative POSIX path, text (no BOM, LF line ends), sha256 hex of the text's UTF-8."""

    path: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text field of a YAML file with the place of its value."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a statement waits for a lock and runs, in milliseconds (0: ever), and how often a script is tried
    again that waited in vain; how long one outside of any transaction waits for older ones to end. None is not stated.
    """

    lock_timeout: int | None = None
    statement_timeout: int | None = None
    retries: int | None = None
    wait_for_transactions: int | None = None


@dataclass(frozen=True, slots=True)
class Backfill:
    """How a phase's backfill.sql goes, durations in milliseconds; `place` is None where phase.yml does not say."""

    batch: int = 1_000
    pause: int = 100
    max_lag: int = 10_000  # 0: replicas are not asked
    max_wait: int = 300_000
    max_rows: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A database by name. `dsn` is libpq's text, `dsn_env` the variable that holds it.

    `direct_dsn` reaches the same database without the pooler that `dsn` goes through.
    """

    name: str
    place: Place | None = None
    embedded: bool = False
    engine: str | None = None  # embedded: a major version ("16") or the folder of an engine's bin
    dsn: str | None = None
    dsn_env: str | None = None
    protected: bool = False
    direct_dsn: str | None = None
    direct_dsn_env: str | None = None
    limits: Limits = Limits()
    supabase: Hosted | None = None
    ways: tuple[Way, ...] = ()  # to a project on Supabase, once the target is resolved
    stand_in: StandIn | None = None  # embedded: the platform it stands in for


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How much the tests must exercise, in percent; None is not stated."""

    functions: int | None = None
    roles: int | None = None
    place: Place | None = None


NO_THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """Everything on disk, itself alone: two readings are two projects. Phases in natural order; macros by file name."""

    root: str  # absolute folder
    name: str
    version: str
    settings: Source  # nexiom.yml
    schemas: tuple[str, ...]
    vars: Mapping[str, str | int]
    env: tuple[str, ...]
    secrets: tuple[str, ...]
    env_files: tuple[str, ...]
    default_target: str
    targets: Mapping[str, Target]
    phases: tuple[Phase, ...]
    audits: tuple[Audit, ...]
    sql_tests: tuple[SqlTest, ...]
    macros: tuple[Source, ...]
    users: tuple[User, ...] = ()  # of nexiom.yml
    fixtures: Mapping[str, Fixture] = field(default_factory=dict)  # of fixtures/, by file name
    rules: tuple[RuleLevel, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    coverage: Thresholds = NO_THRESHOLDS
