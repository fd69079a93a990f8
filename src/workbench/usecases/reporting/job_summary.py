"""The summary of a GitHub job: a file that the runner names, to which every step adds."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from workbench.model.errors import UsageError
from workbench.usecases.reporting.as_github import SUMMARY_LIMIT, summary
from workbench.usecases.reporting.checks import Checked

VARIABLE = "GITHUB_STEP_SUMMARY"


def add_summary(said: Checked, path: Path) -> None:
    """Add the report to the file, as much of it as there is room for; ``UsageError`` where it cannot be written."""
    flags = (
        os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
    )  # a pipe is never waited for
    try:
        handle = os.open(path, flags, 0o644)
        with os.fdopen(handle, "ab") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise UsageError(f"{VARIABLE} names no file", where=str(path))
            file.write(summary(said, SUMMARY_LIMIT - status.st_size).encode())
    except OSError as error:
        raise UsageError(
            f"the job's summary cannot be written: {error.strerror}",
            where=str(path),
            hint=f"{VARIABLE} names the file; without it no summary is written",
        ) from None
