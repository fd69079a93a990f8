"""A project without its record: what ``check`` needs, and what everything else starts from."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.benchmarks.baselines import BASELINES
from workbench.benchmarks.kinds import KINDS as BENCHMARK_KINDS
from workbench.definitions import Definitions, find_project, load
from workbench.definitions.shapes import Environment, EnvironmentKind
from workbench.gates.kinds import ASKED
from workbench.hooks.kinds import KINDS as HOOK_KINDS
from workbench.model.errors import NotAllowed, RecordUnavailable
from workbench.model.kinds import Kinds
from workbench.probes.kinds import KINDS as PROBE_KINDS
from workbench.sources.kinds import KINDS as SOURCE_KINDS
from workbench.sources.recipes import RECIPES

RECORD = Path(".workbench") / "record.db"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the options that every command has can say."""

    project: Path | None = None
    record: Path | None = None
    as_person: str | None = None
    now: datetime | None = None
    release: str | None = None
    in_app: bool = False
    """Whether ``as_person`` was chosen inside the app."""
    moment: datetime | None = None
    """The moment of a demonstration whose past is being made; nobody can say one for another record."""


def kinds() -> Kinds:
    """Every kind that a project's files may name."""
    return {
        "sources": SOURCE_KINDS,
        "probes": PROBE_KINDS,
        "requirements": ASKED,
        "baselines": BASELINES,
        "benchmarks": BENCHMARK_KINDS,
        "hooks": HOOK_KINDS,
        "recipes": RECIPES,
    }


class NoDataFolder(RecordUnavailable):
    """There is no folder of this user's own: nothing can be kept outside the project, nothing was agreed to."""


def data_folder() -> Path:
    """Where heads and backups are kept, outside of any checkout; a full path.

    Raises ``NoDataFolder`` where neither the system nor ``WORKBENCH_DATA`` names one.
    """
    named = os.environ.get("WORKBENCH_DATA")
    if named:
        if not Path(named).is_absolute():
            raise NoDataFolder(
                f"WORKBENCH_DATA is not a full path: {named}",
                hint="write it from the root of the file system, without ~",
            )
        return Path(named)
    folder = _usual_data_folder()
    if not folder.is_absolute():
        raise NoDataFolder(
            "this user has no home folder, so nothing can be kept outside the project",
            hint="name a folder in WORKBENCH_DATA",
        )
    return folder


def _usual_data_folder() -> Path:
    if sys.platform == "linux" and not os.environ.keys() & {"XDG_DATA_HOME", "ANDROID_DATA"}:
        # What platformdirs would say: importing it takes longer than judging a small release.
        # Path.expanduser would raise where the system knows no home.
        return Path(os.path.expanduser("~/.local/share/workbench"))  # noqa: PTH111
    from platformdirs import user_data_path

    return user_data_path("workbench", appauthor=False)


def project_folder(options: Options) -> Path:
    """The project folder that is named, or that this folder is in.  ``NoProject`` where there is none."""
    return find_project(options.project or Path.cwd())


def read_definitions(options: Options, *, strict: bool = True) -> tuple[Path, Definitions]:
    """The project folder and its checked definitions; no record is needed."""
    root = project_folder(options).resolve()
    return root, load(root, kinds(), strict=strict)


def record_path(root: Path, options: Options) -> Path:
    """The record's file."""
    return options.record or root / RECORD


def environment(definitions: Definitions, *which: EnvironmentKind) -> Environment | None:
    """The first environment of one of these kinds, in their order."""
    for kind in which:
        for item in definitions.project.environments:
            if item.kind is kind:
                return item
    return None


def staging_of(definitions: Definitions) -> Environment | None:
    """The environment whose word is to be trusted or not."""
    return environment(
        definitions,
        EnvironmentKind.STAGING,
        EnvironmentKind.PRE_PRODUCTION,
        EnvironmentKind.CANARY,
        EnvironmentKind.EPHEMERAL,
    )


def production_of(definitions: Definitions) -> Environment | None:
    """The environment that staging is compared with."""
    return environment(definitions, EnvironmentKind.PRODUCTION)


def other_time() -> NotAllowed:
    """What is said to those who would write as of another moment: it would be judged and dated by it."""
    return NotAllowed("--now only evaluates: nothing can be saved at another time", hint="leave it out")
