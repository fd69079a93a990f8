"""A kind of probe for tests: files of ``name=value`` lines, compared by name."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from workbench.definitions.shapes import Probe
from workbench.model.errors import SourceError
from workbench.model.fields import Shape
from workbench.model.kinds import ProbeKind
from workbench.probes.captured import Capture, Change, Parameter, Piece, Plant, Score, Side, Snapshot
from workbench.probes.hiding import Hide, named_secret
from workbench.probes.kinds import KINDS
from workbench.probes.prober import Prober
from workbench.probes.reach import Reach


class LinesConfig(Shape, frozen=True, kw_only=True):
    """Two files."""

    staging: str
    """The file of staging."""
    production: str
    """The file of production."""


class Lines(Prober):
    async def capture(self, side: Side, reach: Reach) -> Capture:
        name = self.config.staging if side == "staging" else self.config.production
        return Capture(tuple(Piece(file, "text/plain", data) for file, data in reach.files(name)))

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        found = {}
        for piece in capture.pieces:
            for line in piece.data.decode().splitlines():
                name, equals, value = line.partition("=")
                if not equals:
                    raise SourceError("a line has no =", where=piece.name)
                secret = named_secret(name)
                found[name] = Parameter(hide(value) if secret else value, secret)
        return Snapshot(found)

    def plants(self, capture: Capture) -> Iterable[Plant]:
        for at, piece in enumerate(capture.pieces):
            lines = piece.data.decode().splitlines()
            for place, line in enumerate(lines):
                name = line.partition("=")[0]
                for key, put in (("dropped", []), ("changed", [f"{line}-planted"])):
                    planted = "\n".join([*lines[:place], *put, *lines[place + 1 :]]).encode()
                    pieces = list(capture.pieces)
                    pieces[at] = msgspec.structs.replace(piece, data=planted)
                    yield Plant(key, f"{name} is {key}", Capture(tuple(pieces)))

    def scores(self, staging: Snapshot, production: Snapshot, changes: tuple[Change, ...]) -> Iterable[Score]:
        count = len(production.parameters)
        yield Score(key="alike", value=1 - Decimal(len(changes)) / count, of=count, limit=Decimal("0.9"))


class Blind(Lines):
    """The same, its comparison replaced by “equal”."""

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        return ()


def kind_of(prober: type[Prober], **settings: Any) -> ProbeKind:
    return ProbeKind(name="lines", about="lines", config=LinesConfig, load=lambda: prober, **settings)


LINES = kind_of(Lines)


def probe_of(staging: str = "staging.env", production: str = "production.env", **fields: Any) -> Probe:
    config = LinesConfig(staging=staging, production=production)
    return Probe(**{"key": "settings", "kind": "lines", "config": config, **fields})


def know_lines(monkeypatch: pytest.MonkeyPatch, prober: type[Prober] = Lines) -> None:
    """Let projects name this kind."""
    monkeypatch.setattr(KINDS, "_names", (*KINDS._names, "lines"))
    monkeypatch.setitem(KINDS._kinds, "lines", kind_of(prober))
