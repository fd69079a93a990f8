"""What every source of test results shares: the shapes of its questions, its counts, its facts and its answers."""

from typing import Literal

from workbench.model.fields import Shape

Read = Literal["pass_rate", "fail_rate", "failed", "skipped", "flaky", "duration", "total"]


class RunMeasure(Shape, frozen=True, kw_only=True):
    """One number of a test run."""

    read: Read
    """A share of the tests that ran, a count (``failed`` with errors, ``total`` with skipped), or seconds of all tests."""


class RunTests(Shape, frozen=True, kw_only=True):
    """Did every test pass?"""
