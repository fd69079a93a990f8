"""A small project with a record, as the tests of the use cases open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from workbench.model.times import Clock
from workbench.usecases.context import Context
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
SMALL = """\
project: shop
timezone: Europe/Amsterdam
people:
  - {key: kim, name: Kim, roles: [release-owner]}
gates:
  - key: parity
    title: Parity
    requires:
      - differences_decided: high
"""


def at(context: Context, now: datetime) -> Context:
    """The same project, its clock at ``now``."""
    return msgspec.structs.replace(context, clock=Clock(real=lambda: now))


@contextmanager
def opened(root: Path, text: str = SMALL, *, now: datetime = NOW) -> Iterator[Context]:
    """The project in ``root``, written there first if it is not; its record is made if it is missing."""
    root.mkdir(parents=True, exist_ok=True)
    if not (root / "workbench.yaml").exists():
        (root / "workbench.yaml").write_text(text, encoding="utf-8")
    context = open_context(Options(project=root, as_person="kim"), create=True)
    try:
        yield at(context, now)
    finally:
        context.record.close()
