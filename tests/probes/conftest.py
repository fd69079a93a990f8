"""Fixtures of the probes' tests."""

from __future__ import annotations

from tests.sources.conftest import serve

__all__ = ["serve"]
