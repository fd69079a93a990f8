"""Asking a source that reads files for what real tools wrote, or for what a test writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from tests.sources.support import ask

from workbench.sources.kinds import KINDS
from workbench.sources.reading import Question, Reading, SourceSpec
from workbench.sources.recognising import Sample, recognised

GENERATED = Path(__file__).parents[1] / "data" / "generated"
LATER = datetime(2100, 1, 1, tzinfo=UTC)  # than any file was written


def read(
    kind: str,
    files: str | list[str],
    *,
    root: Path = GENERATED,
    config: Mapping[str, Any] = {},
    question: Mapping[str, Any] = {},
    **measure: Any,
) -> Reading:
    """The one answer of a source of this kind to a measure."""
    made = KINDS[kind]
    assert made.measure is not None
    asked = Question(
        subject="b", source="s", at=LATER, ask=msgspec.convert(measure, made.measure), **question
    )
    source = SourceSpec("s", kind, msgspec.convert({"files": files, **config}, made.config))
    (reading,) = ask([source], [asked], root=root).readings
    return reading


def written(root: Path, name: str, value: Any) -> str:
    """The name of a file below ``root`` that holds this as JSON."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return name


def tool_output(
    tool: str, name: str, /, *, kind: str = "", unit: str = "", commit: str | None = None, **measure: Any
) -> Reading:
    """What a measure reads from a file of ``tests/data/generated``; the kind has the name of the tool unless said."""
    return read(kind or tool, f"{tool}/{name}", question={"unit": unit, "commit": commit}, **measure)


def taken_for(tool: str, name: str) -> list[str]:
    """The kinds that recognise a file of ``tests/data/generated``."""
    data = (GENERATED / tool / name).read_bytes()
    return [one.kind for one in recognised(Sample(name, data), KINDS)]
