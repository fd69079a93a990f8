"""Robot Framework 6, which writes times in another way."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop
from tests.generators.tools.robot_framework import run


def make(work: Workshop) -> None:
    """Two of the runs of Robot Framework 7."""
    run(work, ["mixed", "teardown-fails"])


TOOL = Tool(name="robot_framework_6", make=make, python=["robotframework==6.1.1"])
