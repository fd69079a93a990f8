"""dbt: what a run over SQLite left: one where all is well, one with a broken model, one of models alone, and freshness."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

PROJECT = """
name: shop
version: "1.0"
profile: shop
flags: {send_anonymous_usage_stats: false}
"""
PROFILE = """
shop:
  target: staging
  outputs:
    staging:
      type: sqlite
      threads: 1
      database: database
      schema: main
      schemas_and_paths: {main: shop.db}
      schema_directory: .
"""
ORDERS = """number,amount,country,written_at
1,10,NL,2026-01-05 10:00:00
2,12,DE,2026-01-06 10:00:00
2,15,XX,2026-01-07 10:00:00
3,,FR,2026-01-08 10:00:00
"""
GOOD_ORDERS = """number,amount,country,written_at
1,10,NL,2026-01-05 10:00:00
2,12,DE,2026-01-06 10:00:00
"""
TESTS = """
models:
  - name: sales
    columns:
      - name: number
        data_tests: [unique, not_null]
      - name: amount
        data_tests: [not_null]
      - name: country
        data_tests:
          - accepted_values:
              arguments: {values: [NL, DE, FR]}
              config: {severity: warn}
"""
BROKEN_TESTS = """
models:
  - name: totals
    columns:
      - name: total
        data_tests: [not_null]
"""
WRONG_TEST = "select * from {{ ref('sales') }} where price < 0"


def make(work: Workshop) -> None:
    """Four orders: one number stands twice, one amount is empty, one country is unknown."""
    work.write("dbt_project.yml", PROJECT)
    work.write("profiles.yml", PROFILE)
    work.write("models/sales.sql", "select * from {{ ref('orders') }}")
    work.write("models/sales.yml", TESTS)
    _run(work, GOOD_ORDERS, "build", "passed.json", "all four tests of one model pass", 0)
    _run(work, GOOD_ORDERS, "run", "run.json", "only models were built: no test ran", 0)
    _run(
        work,
        ORDERS,
        "build",
        "failed.json",
        "two tests fail (`unique` and one `not_null`), one only warns (`accepted_values`), one passes",
        1,
    )
    work.write(
        "models/broken.sql",
        "{{ config(materialized='table') }} select no_such_column from {{ ref('sales') }}",
    )
    work.write("models/totals.sql", "select 1 as total from {{ ref('broken') }}")
    work.write("models/totals.yml", BROKEN_TESTS)
    known = "four tests pass; one model errs, so what is built on it and its test are skipped"
    _run(work, GOOD_ORDERS, "build", "model-error.json", known, 1)
    work.write("tests/price_is_positive.sql", WRONG_TEST)
    known = "four tests pass; one test errs, and what is built on what it tests is skipped"
    _run(work, GOOD_ORDERS, "build", "test-error.json", known, 1)


def _run(work: Workshop, orders: str, command: str, name: str, known: str, code: int) -> None:
    (work.folder / "shop.db").unlink(missing_ok=True)
    work.write("seeds/orders.csv", orders)
    told = {
        "DBT_PROFILES_DIR": str(work.folder),
        "DBT_ENV_CUSTOM_ENV_COMMIT": "4f2a91c0d7e6b5a48392817160f5e4d3c2b1a098",
    }
    if command == "run":
        work.run("dbt", "seed", "--quiet", env=told)
    work.run("dbt", command, "--quiet", env=told, codes=(code,))
    work.keep(name, known, work.folder / "target" / "run_results.json")


TOOL = Tool(name="dbt", make=make, python=["dbt-core==1.11.16", "dbt-sqlite==1.10.0"])
