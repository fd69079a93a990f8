"""Which engine answers: several speak Prometheus' API, and compute percentiles and increases differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from workbench.model.text import safe_text

VICTORIA = "VictoriaMetrics"
_PRETENDS = "2.24.0"  # what VictoriaMetrics says that it is, alone; of itself it tells no version here


class Engine(msgspec.Struct, frozen=True):
    """A server's program, and its version where it tells it; neither where nothing is known."""

    name: str = ""
    version: str = ""

    @property
    def words(self) -> str:
        """Both, for people."""
        return safe_text(f"{self.name} {self.version}".strip(), 100)


class _BuildInfo(msgspec.Struct):
    data: dict[str, Any]


def read_engine(body: bytes, headers: Mapping[str, str]) -> Engine:
    """The engine behind an answer of ``/api/v1/status/buildinfo``, which not every server has.

    VictoriaMetrics answers with an empty object, or with the version of a Prometheus and nothing else, which a
    replay sees as well; Mimir names itself, and Thanos' versions begin with 0, which Prometheus' never did here.
    """
    try:
        told = msgspec.json.decode(body, type=_BuildInfo).data
    except (msgspec.DecodeError, ValueError):
        return Engine()
    version, application = str(told.get("version", "")), str(told.get("application", ""))
    if "x-server-hostname" in headers or told in ({}, {"version": _PRETENDS}):
        return Engine(VICTORIA)
    if application and application.casefold() != "prometheus":
        return Engine(safe_text(application, 60), version)
    if version.lstrip("v").startswith("0."):
        return Engine("Thanos", version)
    return Engine("Prometheus", version) if version else Engine()
