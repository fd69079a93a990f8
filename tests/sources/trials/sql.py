"""Where databases are tried: with a real PostgreSQL, and with SQLite."""

from tests.sources.trials.frame import TriedIn

TRIALS = TriedIn(("tests/sources/test_sql.py", "tests/real/test_postgresql.py"))
