"""What every source of test results shares: the shapes of its questions, its counts, its facts and its answers."""

from typing import Literal

from workbench.model.fields import Shape

Read = Literal["pass_rate", "failed", "skipped", "flaky", "duration", "total"]


class RunMeasure(Shape, frozen=True, kw_only=True):
    """One number of a test run."""

    read: Read
    """A share of the tests that ran, seconds of all tests together, or a count: ``failed`` with errors, ``total`` with skipped."""


class RunTests(Shape, frozen=True, kw_only=True):
    """Did every test pass?"""
