"""A program has no server and no file: what it prints, refuses and takes too long for is tried on its own."""

from tests.sources.trials.frame import TriedIn

TRIALS = TriedIn(("tests/sources/test_exec.py", "tests/real/test_monitoring_plugins.py"))
