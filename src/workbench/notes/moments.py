"""Moments and days as the notes print them: in the project's time zone."""

from __future__ import annotations

from datetime import datetime, tzinfo

from workbench.model.times import day_text, in_zone, moment_text, zone_of


class Moments:
    """Moments and days in the project's time zone."""

    def __init__(self, timezone: str) -> None:
        self.zone: tzinfo = zone_of(timezone)

    def at(self, moment: datetime) -> str:
        """``Tue 15 Sep 2026 10:00 UTC``."""
        return moment_text(moment, self.zone)

    def day(self, moment: datetime) -> str:
        """``15 Sep 2026``."""
        local = in_zone(moment, self.zone)
        return f"{day_text(moment, self.zone)} {local.year}"
