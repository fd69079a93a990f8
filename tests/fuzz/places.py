"""The places that the doors are tried on, each made when it is first asked for."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

from tests.fuzz.place import Place
from tests.fuzz.server import Server

from workbench.cli import run

SHOP = Path(__file__).parents[2] / "sample_projects" / "web-shop"
COMMIT = "a" * 40


@cache
def web_shop() -> Place:
    """The demonstration, whose answers are recordings and whose clock stands still."""
    return Place(_web_shop)


def _web_shop(root: Path) -> None:
    from workbench.usecases.demonstration import prepare

    prepare("web-shop", root)


PROJECT = """\
project: shop
timezone: Europe/Amsterdam
environments:
  - {{key: production, kind: production}}
  - key: staging
    kind: staging
    build: {{source: metrics, query: 'build_info{{commit="$commit"}}'}}
people:
  - {{key: kim, name: Kim, roles: [release-owner], email: kim@shop.example}}
  - {{key: sam, name: Sam, roles: [product-owner], email: sam@shop.example}}
sources:
  - {{key: metrics, kind: prometheus, url: "{url}", timeout: 5s, max_answer: 200kB}}
  - {{key: ci, kind: github_actions, url: "{url}", repository: acme/shop, token: null, timeout: 5s, max_answer: 200kB}}
benchmarks:
  - key: p95
    title: Checkout p95
    environment: staging
    measure: {{source: metrics, query: 'up{{env="$environment"}}', samples: count(up), trend: 1h, unit: s, window: 5min}}
    pass: within 20% of baseline
    mode: blocking
    max_age: 24h
  - key: stable
    title: Runs that succeed
    environment: staging
    measure: {{source: ci, read: success_rate, window: 7d, unit: "%"}}
    pass: ">= 90 %"
gates:
  - key: early
    title: Early
    requires: [{{not_frozen: {{}}}}]
    sign: {{roles: [{{role: product-owner}}]}}
  - key: go
    title: Go
    requires:
      - benchmarks: {{}}
      - tests_green: ci
    sign: {{roles: [{{role: release-owner}}]}}
"""


@cache
def server() -> Server:
    """The server that the project of :func:`asking` asks; it says what a test tells it."""
    return Server()


@cache
def asking() -> Place:
    """A trusted project with a release, whose sources are asked over real sockets."""
    return Place(_asking)


def _asking(root: Path) -> None:
    root.mkdir()
    (root / "workbench.yaml").write_text(PROJECT.format(url=server().url), encoding="utf-8")
    for words in (
        ["trust", "--yes"],
        ["release", "new", "1.0", "--commit", COMMIT, "--author", "kim", "--as", "kim"],
        ["ask", "sam", "early", "--as", "kim", "--to", str(root)],
    ):
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
            assert run([*words, "--project", str(root)]) == 0, said.getvalue()


@cache
def empty() -> Place:
    """A folder with nothing in it."""
    return Place(Path.mkdir)


def make_all() -> None:
    """Make every place now, so that none is made while an example is drawn."""
    for make in (web_shop, asking, empty):
        make()
