"""Its program is tried with a stand-in for the command line tool of AWS."""

from tests.sources.trials.frame import TriedIn

TRIALS = TriedIn(("tests/sources/test_aws_cost_explorer.py",))
