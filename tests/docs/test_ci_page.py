"""docs/ci.md: the jobs are YAML that the two services know, and every command of the workbench in them does what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

PAGE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")


class Once(yaml.BaseLoader):
    """A key that stands twice in a mapping is an error, as it is to GitHub and to linters of GitLab's."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{node.start_mark}: a key stands twice in {keys}"
        return super().construct_mapping(node, deep)


RESULTS, GATE, GITLAB = (
    yaml.load(text, Once) for text in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
)
CANDIDATE = "a1b2c3d94e8f70615243b4251f6a7b8c9d0e1f2a"


def steps(workflow: Any) -> Iterator[Any]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("workflow", [RESULTS, GATE], ids=["results", "gate"])
def test_a_workflow_has_what_github_asks_for(workflow: Any) -> None:
    assert set(workflow) == {"name", "on", "permissions", "jobs"}
    for job in workflow["jobs"].values():
        assert job["runs-on"] and set(job) <= {"runs-on", "steps", "outputs", "needs"}
    for step in steps(workflow):
        assert ("uses" in step) != ("run" in step)
        assert set(step) <= {"uses", "run", "with", "name", "id", "if"}
        assert "uses" not in step or re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])
    assert GATE["jobs"]["deploy"]["needs"] in GATE["jobs"]


def test_the_pipeline_has_what_gitlab_asks_for() -> None:
    jobs = {name: job for name, job in GITLAB.items() if name != "stages"}
    assert [job["stage"] for job in jobs.values()] == GITLAB["stages"]
    for job in jobs.values():
        assert set(job) <= {"stage", "image", "script", "after_script", "rules", "artifacts", "needs"}
        assert all(isinstance(line, str) for line in job["script"])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration with its excerpt, and beside it a checkout as CI has one: files, and no record."""
    top = tmp_path_factory.mktemp("ci")
    typed(top, "workbench demo web-shop --to desk --headless", top, codes=(0, 1))
    typed(top / "desk", "workbench excerpt --output shop.excerpt.jsonl", top)
    left_out = shutil.ignore_patterns(".workbench", "recordings")
    shutil.copytree(top / "desk", top / "checkout", ignore=left_out)
    (top / "checkout" / "reports" / "rc3.xml").unlink()
    return top


def typed(folder: Path, script: str, top: Path, codes: tuple[int, ...] = (0,), **environ: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    plain = {**os.environ, "PATH": path, "WORKBENCH_DATA": str(top / "data"), "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder, env={**plain, **environ}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in codes, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout


def of_workbench(scripts: list[str]) -> list[str]:
    """What a job runs of ours; its own tests and its deployment are its own, and it is installed already."""
    return [
        text
        for text in scripts
        if "pip install" not in text and "pytest" not in text and "./deploy.sh" not in text
    ]


def test_on_github_results_are_listed_judged_and_handed_home(shop: Path) -> None:
    here = shop / "checkout"
    (listing,) = of_workbench([step["run"] for step in steps(RESULTS) if "run" in step])
    github = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SHA": CANDIDATE,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_RUN_ID": "7",
        "GITHUB_STEP_SUMMARY": str(shop / "summary.md"),
        "GITHUB_OUTPUT": str(shop / "output"),
    }
    typed(here, listing, shop, **github)
    (judging,) = of_workbench([step["run"] for step in steps(GATE) if "run" in step])
    typed(here, judging, shop, codes=(1,), **github)
    assert "unsealed" in (shop / "summary.md").read_text(encoding="utf-8")
    assert (shop / "output").read_text(encoding="utf-8") == f"commit={CANDIDATE}\n"
    shutil.copytree(here / "reports", shop / "desk" / "from-ci")
    home, asked = re.findall(r"^workbench import .+$", PAGE, re.MULTILINE)
    said = typed(shop / "desk", f"{home} --as robin", shop)
    assert "list of" in said and "11 passed" in said
    shutil.copy(here / "asking.json", shop / "desk" / "asking.json")
    assert "sign-off of 2.14.0: blocked" in typed(shop / "desk", f"{asked} --as robin", shop)
    listed = typed(shop / "desk", "workbench gate --askings", shop)
    assert "blocked by 1" in listed and "GitHub Actions" in listed and "unknown" not in listed


def test_on_gitlab_the_same(shop: Path) -> None:
    here = shop / "checkout"
    gitlab = {
        "CI_COMMIT_SHA": CANDIDATE,
        "CI_PIPELINE_URL": "https://gitlab.example.com/acme/shop/-/pipelines/7",
    }
    (listing,) = of_workbench(GITLAB["tests"]["after_script"])
    typed(here, listing, shop, **gitlab)
    assert CANDIDATE in (here / "reports" / "results.json").read_text(encoding="utf-8")
    judging = "\n".join(of_workbench(GITLAB["gate"]["script"]))
    typed(here, judging, shop, codes=(1,), **gitlab)
    assert (here / "gate.env").read_text(encoding="utf-8") == f"CANDIDATE={CANDIDATE}\n"
    assert '"blocker"' in (here / "gate.codequality.json").read_text(encoding="utf-8")


def test_an_excerpt_that_was_changed_lets_nothing_out(shop: Path) -> None:
    here = shop / "checkout"
    text = (here / "shop.excerpt.jsonl").read_bytes()
    (here / "shop.excerpt.jsonl").write_bytes(text.replace(b"blocking", b"advisory", 1) + b"{}\n")
    judging = "\n".join(of_workbench(GITLAB["gate"]["script"]))
    try:
        typed(here, judging, shop, codes=(2, 4))
    finally:
        (here / "shop.excerpt.jsonl").write_bytes(text)
