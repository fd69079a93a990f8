"""Soda Core: results of scans of a table in DuckDB: one that passes, one that fails, one with checks that err."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

TABLE = """
import duckdb

base = duckdb.connect("shop.duckdb")
base.execute("create table orders (number integer, amount double, country varchar)")
base.execute("insert into orders values (1, 10, 'NL'), (2, 12, 'DE'), (2, 15, 'XX'), (3, null, 'FR')")
"""
SOURCE = """
data_source shop:
  type: duckdb
  path: shop.duckdb
"""
CHECKS = {
    "passed": """
checks for orders:
  - row_count > 0
  - missing_count(number) = 0
""",
    "failed": """
checks for orders:
  - row_count > 0
  - duplicate_count(number) = 0
  - missing_count(amount) = 0:
      name: every order has an amount
  - invalid_count(country):
      valid values: [NL, DE, FR]
      warn: when > 0
""",
    "errored": """
checks for orders:
  - row_count > 0
  - missing_count(price) = 0
""",
}


def make(work: Workshop) -> None:
    """Four orders: one number stands twice, one amount is empty, one country is unknown; there is no price."""
    work.write("table.py", TABLE)
    work.write("configuration.yml", SOURCE)
    work.run("python", "table.py")
    for name, known in (
        ("passed", "two checks pass"),
        ("failed", "one check passes, two fail, one only warns"),
        ("errored", "one check passes; the other asks for a column that is not there"),
    ):
        work.write("checks.yml", CHECKS[name])
        words = ("-d", "shop", "-c", "configuration.yml", "-srf", f"{name}.json", "checks.yml")
        work.run(
            "soda", "scan", *words, codes=(0, 1, 2, 3), env={"SODA_SEND_ANONYMOUS_USAGE_STATISTICS": "false"}
        )
        work.keep(f"{name}.json", known)


TOOL = Tool(name="soda", make=make, python=["soda-core-duckdb==3.5.6", "setuptools==80.9.0"])
