"""k6: the old and the later shape of its summary, and its points as JSON and CSV."""

from __future__ import annotations

from tests.generators.shop import shop
from tests.generators.tool import Tool, Workshop

SCRIPT = """
import http from 'k6/http';
import { check } from 'k6';
export const options = {
  vus: 2, iterations: 20,
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'],
  thresholds: {
    http_req_duration: ['p(95)<10000'],
    'http_req_duration{name:slow}': ['p(50)<1'],
    'http_req_duration{name:never}': ['p(95)<500'],
    checks: ['rate>0.99'],
  },
};
export default function () {
  http.get(`${__ENV.SHOP}/`, { tags: { name: 'home' } });
  http.get(`${__ENV.SHOP}/slow`, { tags: { name: 'slow' } });
  const flaky = http.get(`${__ENV.SHOP}/flaky`, { tags: { name: 'flaky' } });
  check(flaky, { 'status is 200': (r) => r.status === 200 });
}
"""
HANDLE = """
export function handleSummary(data) { return { 'handle-summary.json': JSON.stringify(data) }; }
"""


def make(work: Workshop) -> None:
    """60 requests in 20 iterations: every fourth /flaky fails, and /slow cannot keep its threshold."""
    broken = (99,)  # k6's exit code for thresholds that were not kept
    known = "20 iterations of 3 requests: 5 of 60 failed, checks 75 %; `slow` and `checks` break their thresholds, and `never` was not asked"
    for name, words, script in (
        ("summary-export.json", ("--summary-export", "summary-export.json"), SCRIPT),
        ("handle-summary.json", (), SCRIPT + HANDLE),
        ("points.json", ("--out", "json=points.json"), SCRIPT),
        ("points.csv", ("--out", "csv=points.csv"), SCRIPT),
    ):
        work.write("script.js", script)
        with shop() as server:
            work.run("k6", "run", "--quiet", *words, "script.js", codes=broken, env={"SHOP": server.url})
        work.keep(name, known)


TOOL = Tool(name="k6", make=make, python=["k6==1.1.0"])
