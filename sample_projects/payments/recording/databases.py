"""The two databases of the payments project, as a pure function of the moment: nothing is random.

    databases.py FOLDER 2026-10-06T09:00Z       writes FOLDER/staging.db and FOLDER/production.db

Production has 20,000 payments, the last of them minutes old.  Staging is a masked sample of one in a
hundred that was taken on 6 July, before two migrations, and nobody has refreshed it since.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

TAKEN = datetime(2026, 7, 6, 4, tzinfo=UTC)  # when staging's sample was taken
CUSTOMERS, PAYMENTS, ONE_IN = 1_200, 20_000, 100
COMMON = ("DE", "DE", "DE", "FR", "FR", "NL", "ES", "IT", "PL", "SE")
RARE = ("MT", "CY", "IS")
METHODS = ("card", "card", "card", "wallet", "bank transfer", "pay later")
SINCE = datetime(2026, 8, 20, tzinfo=UTC)  # pay later was launched then: staging has never seen one

MIGRATIONS = (
    ("0041_scores", datetime(2026, 5, 4, tzinfo=UTC)),
    ("0042_devices", datetime(2026, 6, 8, tzinfo=UTC)),
    ("0043_reason_of_a_score", datetime(2026, 8, 17, tzinfo=UTC)),
    ("0044_index_by_device", datetime(2026, 9, 7, tzinfo=UTC)),
)

STAGING_TABLES = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, iban TEXT NOT NULL,
  country TEXT NOT NULL);
CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
  amount INTEGER NOT NULL, currency TEXT NOT NULL DEFAULT 'EUR', country TEXT NOT NULL, method TEXT NOT NULL,
  coupon TEXT, items INTEGER NOT NULL, device TEXT, status TEXT NOT NULL DEFAULT 'new', created_at TEXT NOT NULL);
CREATE INDEX payments_by_customer ON payments (customer_id, created_at);
CREATE TABLE fraud_scores (payment_id INTEGER PRIMARY KEY REFERENCES payments (id), score INTEGER NOT NULL,
  model TEXT NOT NULL, scored_at TEXT NOT NULL);
CREATE TABLE fraud_rules (method TEXT PRIMARY KEY, threshold INTEGER NOT NULL, active INTEGER NOT NULL);
CREATE TABLE currencies (code TEXT PRIMARY KEY, digits INTEGER NOT NULL);
CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, applied_at TEXT NOT NULL);
"""
# What the two migrations since July did: a reason beside each score, an index, another default.
PRODUCTION_TABLES = (
    STAGING_TABLES.replace("model TEXT NOT NULL,", "model TEXT NOT NULL, reason TEXT,").replace(
        "DEFAULT 'new'", "DEFAULT 'pending'"
    )
    + "CREATE INDEX payments_by_device ON payments (device, created_at);\n"
)


def make(folder: Path, now: datetime) -> None:
    """Both databases as they are at ``now``."""
    folder.mkdir(parents=True, exist_ok=True)
    _database(folder / "production.db", PRODUCTION_TABLES, now, masked=False)
    _database(folder / "staging.db", STAGING_TABLES, TAKEN, masked=True)


def _database(path: Path, tables: str, until: datetime, *, masked: bool) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    with connection:
        connection.executescript(tables)
        payments = [
            row for row in _payments(until) if not masked or _chance("sample", int(str(row[0])), ONE_IN) == 0
        ]
        buyers = {row[1] for row in payments}
        customers = (_customer(number, masked) for number in range(1, CUSTOMERS + 1))
        connection.executemany(
            "INSERT INTO customers VALUES (?, ?, ?, ?, ?)", (row for row in customers if row[0] in buyers)
        )
        connection.executemany("INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", payments)
        connection.executemany(*_scores(payments, masked))
        rules = [("card", 900, 1), ("wallet", 920, 1), ("bank transfer", 950, 1)]
        rules += [("pay later", 800, 1)] if until >= SINCE else []
        connection.executemany("INSERT INTO fraud_rules VALUES (?, ?, ?)", rules)
        connection.executemany("INSERT INTO currencies VALUES (?, ?)", [("EUR", 2), ("SEK", 2)])
        connection.executemany(
            "INSERT INTO schema_migrations VALUES (?, ?)",
            ((version, at.isoformat()) for version, at in MIGRATIONS if at <= until),
        )
    connection.execute("VACUUM")
    connection.close()


def _chance(what: str, number: int, of: int) -> int:
    """A number below ``of``: the same for the same thing."""
    return int.from_bytes(hashlib.sha256(f"{what}/{number}".encode()).digest()[:6], "big") % of


def _customer(number: int, masked: bool) -> tuple[object, ...]:
    country = COMMON[_chance("country", number, len(COMMON))] if number % 97 else RARE[number % len(RARE)]
    if masked:
        return number, f"Customer {number}", f"customer{number}@example.test", f"XX00{number:014d}", country
    name = f"{('Noa', 'Emil', 'Ida', 'Luc', 'Mara', 'Jan')[_chance('name', number, 6)]} {number:04d}"
    return (
        number,
        name,
        f"{name.lower().replace(' ', '.')}@mail.example",
        f"DE{_chance('iban', number, 10**20):020d}",
        country,
    )


def _payments(until: datetime) -> Iterator[tuple[object, ...]]:
    """The last 20,000 payments before a moment, four minutes apart."""
    first = int(until.timestamp()) // 240 - PAYMENTS + 1
    for number in range(first, first + PAYMENTS):
        at = datetime.fromtimestamp(number * 240, UTC) - timedelta(seconds=_chance("second", number, 200))
        customer = _chance("customer", number, CUSTOMERS) + 1
        method = METHODS[_chance("method", number, len(METHODS))]
        if method == "pay later" and at < SINCE:
            method = "card"
        yield (
            number,
            customer,
            499 + _chance("amount", number, 40_000) * (1 + 30 * (_chance("large", number, 211) == 0)),
            "EUR" if _chance("currency", number, 9) else "SEK",
            str(_customer(customer, True)[4]),
            method,
            f"CODE{_chance('code', number, 40)}" if _chance("coupon", number, 5) == 0 else None,
            1 + _chance("items", number, 6) + 20 * (_chance("many items", number, 173) == 0),
            None
            if at >= SINCE and _chance("browser", number, 8) == 0
            else f"device-{_chance('device', number, 900)}",
            ("settled", "settled", "settled", "declined", "pending")[_chance("status", number, 5)],
            at.isoformat(),
        )


def _scores(payments: list[tuple[object, ...]], masked: bool) -> tuple[str, list[tuple[object, ...]]]:
    rows: list[tuple[object, ...]] = []
    for row in payments:
        number = int(str(row[0]))
        score = _chance("score", number, 1000)
        reason = None if score < 900 else ("new device", "many cards", "far from home")[number % 3]
        rows.append((number, score, "fraud-7", *(() if masked else (reason,)), row[-1]))
    return f"INSERT INTO fraud_scores VALUES ({', '.join('?' * len(rows[0]))})", rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("moment", type=lambda text: datetime.fromisoformat(text.replace("Z", "+00:00")))
    chosen = parser.parse_args()
    make(chosen.folder, chosen.moment)
