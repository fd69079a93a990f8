"""Monitoring Plugins: what programs of Debian's package and of mplugin print."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

OWN = """
import mplugin


class Orders(mplugin.Resource):
    def probe(self):
        yield mplugin.Metric("orders waiting", 12, min=0, context="orders")
        yield mplugin.Metric("oldest", 0.25, uom="s", min=0, context="oldest")


mplugin.Check(Orders(), mplugin.ScalarContext("orders", "10", "20"), mplugin.ScalarContext("oldest", "5", "9")).main()
"""


def make(work: Workshop) -> None:
    """One program for each of the four states, and one of our own with a label of two words."""
    for name, known, code, program, words in (
        ("ok.txt", "OK, 2.5 within its limits", 0, "check_dummy", ("0", "all is well|load=2.5;5;9;0")),
        ("critical.txt", "CRITICAL", 2, "check_dummy", ("2", "broken")),
        ("unknown.txt", "UNKNOWN: not measured", 3, "check_dummy", ("3", "no answer")),
        (
            "disk.txt",
            "OK, with the space that is used as performance data",
            0,
            "check_disk",
            ("-w", "1%", "-c", "0%", "-p", "."),
        ),
    ):
        work.keep(name, f"{known} (exit code {code})", work.run(program, *words, codes=(code,)))
    work.write("check_orders.py", OWN)
    printed = work.run("python", "check_orders.py", codes=(1,))
    work.keep(
        "mplugin.txt", "WARNING: 12 `orders waiting` of at most 10; oldest 0.25 s (exit code 1)", printed
    )
    work.versions["monitoring-plugins"] = work.run("check_dummy", "--version", codes=(0, 3)).split()[1]


TOOL = Tool(
    name="monitoring_plugins",
    make=make,
    debian=["monitoring-plugins-basic"],
    python=["mplugin==2.0.0"],
)
