"""What can be said of a question to a load test before its file is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.model.kinds import Asked, Doubt
from workbench.model.quantity import find_unit
from workbench.sources.files_config import FilesConfig
from workbench.sources.load_tests.observed import kind_of_unit
from workbench.sources.reading import WrongQuestion
from workbench.sources.report_files import same_files


def doubts(measure: Any, asked: Asked) -> Iterable[Doubt]:
    """Mistakes that can be proved; ``measure`` has a ``statistic``."""
    try:
        wanted = kind_of_unit(measure.statistic)
        unit = find_unit(asked.unit)
    except WrongQuestion as error:
        yield Doubt("statistic", error.what, error.hint, error=True)
    except ValueError:  # the unit itself is told elsewhere
        pass
    else:
        if asked.unit and wanted not in ("", unit.kind):
            yield Doubt(
                "unit",
                f"{measure.statistic} is a {wanted}, which cannot be written in {unit.symbol}",
                _UNITS[wanted],
                error=True,
            )
    if isinstance(asked.config, FilesConfig):
        yield from same_files(asked.config, asked)


_UNITS = {
    "count": "leave out the unit",
    "share": "write unit: '%'",
    "rate": "write unit: /s",
}
