"""pytest-benchmark: its JSON with and without the data, of a clean checkout and of a changed one."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

AT = "2026-03-02T08:00:00Z"  # so that the commit is the same each time
TESTS = """
import pytest


@pytest.mark.parametrize("size", [10, 1000])
def test_sum(benchmark, size):
    assert benchmark(sum, range(size)) == size * (size - 1) // 2


def test_three_rounds(benchmark):
    benchmark.pedantic(lambda: None, rounds=3, iterations=1)
"""


def make(work: Workshop) -> None:
    """Three benchmarks in a repository of one commit, then with a change that nobody committed."""
    work.write("pytest.ini", "[pytest]\n")
    work.write("test_speed.py", TESTS)
    name = ("-c", "user.name=Team", "-c", "user.email=team@example.com")
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        (*name, "commit", "-q", "-m", "Speed is measured"),
    ):
        work.run("git", *words, env={"GIT_AUTHOR_DATE": AT, "GIT_COMMITTER_DATE": AT})
    commit = work.run("git", "rev-parse", "HEAD").strip()
    quick = ("-q", "-p", "no:cacheprovider", "--benchmark-max-time=0.01", "--benchmark-min-rounds=5")
    env = {"PYTHONDONTWRITEBYTECODE": "1"}
    work.run("pytest", *quick, "-k", "three or 1000", "--benchmark-json=clean.json", env=env)
    work.keep("clean.json", f"two benchmarks at {commit}, of test_three_rounds exactly 3 rounds")
    work.write("test_speed.py", TESTS + "\n# changed\n")
    work.run("pytest", *quick, "-k", "three", "--benchmark-json=dirty.json", env=env)
    work.keep("dirty.json", f"one benchmark at {commit} with a change that nobody committed")


TOOL = Tool(
    name="pytest_benchmark", make=make, python=["pytest==8.4.2", "pytest-benchmark==5.3.1"], programs=["git"]
)
