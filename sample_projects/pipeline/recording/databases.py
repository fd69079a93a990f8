"""The two warehouses of the event pipeline, and how long events took: nothing is random.

    databases.py FOLDER 2026-11-10T08:30Z       writes FOLDER/databases/*.db and FOLDER/delays/*.csv

Production stored the last 40,000 events.  One in ten of them came to staging, too; there the tables take no
nulls, so what has one was dropped, and the service that adds routes was never deployed.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from math import exp, sqrt
from pathlib import Path
from statistics import NormalDist

EVENTS, ONE_IN, SECONDS_APART = 40_000, 10, 2
MEASURED = 1_500  # delays that were kept of each side
KINDS = ("scan", "scan", "scan", "scan", "handover", "handover", "delivered", "locker")
DEPOTS = ("Wels", "Graz", "Linz", "Brno", "Passau", "Zlín")

INBOX = "CREATE TABLE inbox (id INTEGER PRIMARY KEY, at TEXT NOT NULL);\n"
PRODUCTION_TABLES = (
    INBOX
    + """
CREATE TABLE events (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, parcel TEXT NOT NULL, depot TEXT, weight_g INTEGER,
  route TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX events_by_parcel ON events (parcel, at);
"""
)
# As it was before nulls were allowed in March, and before there were routes.
STAGING_TABLES = PRODUCTION_TABLES.replace(
    "depot TEXT, weight_g INTEGER", "depot TEXT NOT NULL, weight_g INTEGER NOT NULL"
).replace("route TEXT NOT NULL", "route TEXT")

Event = tuple[int, str, str, str | None, int | None, str | None, str]


def make(folder: Path, now: datetime) -> None:
    """Both warehouses, and both files of delays, as they are at ``now``."""
    for name in ("databases", "delays"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    events = list(_events(now))
    sample = [event for event in events if _chance("sample", event[0], ONE_IN) == 0]
    _database(folder / "databases" / "production.db", PRODUCTION_TABLES, events, events)
    kept = [(*event[:5], None, event[6]) for event in sample if None not in event[:5]]
    _database(folder / "databases" / "staging.db", STAGING_TABLES, sample, kept)
    for name, found in (("production", events), ("staging", kept)):
        _delays(folder / "delays" / f"{name}.csv", found, now)


def _database(path: Path, tables: str, arrived: list[Event], stored: list[Event]) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(tables)
        connection.executemany("INSERT INTO inbox VALUES (?, ?)", ((one[0], one[6]) for one in arrived))
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", stored)
    connection.execute("VACUUM")
    connection.close()


def _chance(what: str, number: int, of: int) -> int:
    """A number below ``of``: the same for the same thing."""
    return int.from_bytes(hashlib.sha256(f"{what}/{number}".encode()).digest()[:6], "big") % of


def _events(until: datetime) -> Iterator[Event]:
    """The last 40,000 events before a moment, two seconds apart."""
    first = int(until.timestamp()) // SECONDS_APART - EVENTS + 1
    for number in range(first, first + EVENTS):
        kind = KINDS[_chance("kind", number, len(KINDS))]
        locker = kind == "locker"
        yield (
            number,
            kind,
            f"P{_chance('parcel', number, 9000):05d}",
            None if locker else DEPOTS[_chance("depot", number, len(DEPOTS))],
            None
            if locker or _chance("weighed", number, 50) == 0
            else 100 + _chance("weight", number, 20_000),
            f"R{_chance('route', number, 240):03d}",
            datetime.fromtimestamp(number * SECONDS_APART, UTC).isoformat(),
        )


def _delays(path: Path, events: list[Event], now: datetime) -> None:
    """Seconds from scan to page: lognormal, and twice as long for what has a null."""
    lines = [f"# measured: {now.isoformat()}", "kind,seconds"]
    for event in events[-MEASURED:]:
        share = (_chance("delay", event[0], 10_000) + 0.5) / 10_000
        slow = 2.0 if None in event[:5] else 1.0
        lines.append(f"{event[1]},{slow * exp(NormalDist().inv_cdf(share) * sqrt(0.2)):.3f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("moment", type=lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")))
    chosen = parser.parse_args()
    make(chosen.folder, chosen.moment)
