"""Locust: its JSON, and the tables that it writes beside it."""

from __future__ import annotations

import json

from tests.generators.shop import shop
from tests.generators.tool import Tool, Workshop

SCRIPT = """
from locust import HttpUser, constant, task


class Buyer(HttpUser):
    wait_time = constant(0.001)

    @task
    def buy(self):
        self.client.get("/", name="home")
        self.client.get("/slow", name="slow")
        self.client.get("/flaky", name="flaky")
"""


def make(work: Workshop) -> None:
    """Four users for a few seconds; every fourth /flaky fails."""
    work.write("locustfile.py", SCRIPT)
    with shop() as server:
        words = ["--headless", "--users", "4", "--spawn-rate", "4", "--run-time", "5s", "--only-summary"]
        words += ["--host", server.url, "--json-file", "run", "--csv", "run", "--csv-full-history"]
        work.run("locust", *words, codes=(1,))  # the exit code of a run with failures
    asked = {one["name"]: one for one in json.loads((work.folder / "run.json").read_text())}
    told = ", ".join(
        f"{name} {one['num_requests']} requests and {one['num_failures']} failures"
        for name, one in asked.items()
    )
    work.keep("run.json", f"4 users for 5 s: {told}; slow takes 50 ms")
    for name in ("run_stats.csv", "run_stats_history.csv", "run_failures.csv", "run_exceptions.csv"):
        work.keep(name, "the same run")


TOOL = Tool(name="locust", make=make, python=["locust==2.47.0"])
