"""The first hour in repositories of five shapes: the first verdict is true and useful, and nothing is edited.

Each is rebuilt in small: what starts its workflows, where its version stands, how it is deployed.
GitHub is a stand-in that lists the runs of the commit.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import Type

MAIN = "on:\n  push:\n    branches: [main]\n  pull_request:\n"
PULL = "on: pull_request\n"
CALL = "on:\n  workflow_call:\n"
NIGHT = "on:\n  schedule:\n    - cron: '0 4 * * *'\n"
CHANGED = "on:\n  push:\n    branches: [main]\n    paths: ['charts/**']\n"
PROMETHEUS = """\
services:
  prometheus:
    image: ${PROMETHEUS_IMAGE}
    ports:
      - "${PROMETHEUS_PORT}:${PROMETHEUS_PORT}"
  grafana:
    image: grafana/grafana
"""
MANIFEST = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s}\n"

SALEOR = {
    ".github/workflows/tests.yml": MAIN,
    ".github/workflows/linters.yaml": MAIN,
    ".github/workflows/publish-main.yml": "on:\n  push:\n    branches: [main]\n",
    ".github/workflows/build-nightly.yml": NIGHT,
    ".github/workflows/build-test-image.yml": CALL,
    ".github/workflows/check-licenses.yml": PULL,
    ".github/workflows/release.yml": "on:\n  push:\n    tags: ['*']\n",
    "pyproject.toml": '[project]\nname = "saleor"\nversion = "3.24.0-a.0"\n',
    "package.json": '{"name": "saleor", "version": "3.24.0-a.0"}\n',
    ".devcontainer/docker-compose.yml": "services: {}\n",
    ".worktree-container/compose.yaml": "services: {}\n",
}
MICROSERVICES = {
    ".github/workflows/ci-main.yaml": "on:\n  push:\n    branches: [main]\n",
    ".github/workflows/ci-pr.yaml": PULL,
    ".github/workflows/helm-chart-ci.yaml": CHANGED,
    ".github/workflows/terraform-validate-ci.yaml": PULL,
    "helm-chart/Chart.yaml": "apiVersion: v2\nname: boutique\nversion: 0.10.6\n",
    "kubernetes-manifests/cart.yaml": MANIFEST % "cart",
    "kustomize/kustomization.yaml": "resources: []\n",
    "terraform/main.tf": "",
    "skaffold.yaml": "apiVersion: skaffold/v3\nkind: Config\n",
    "cloudbuild.yaml": "steps: []\n",
}
TELEMETRY = {
    ".github/workflows/checks.yml": MAIN,
    ".github/workflows/build-images.yml": "on:\n  push:\n    branches: [main]\n",
    ".github/workflows/component-build-images.yml": CALL,
    ".github/workflows/react-native-build.yml": CALL,
    ".github/workflows/nightly-release.yml": NIGHT,
    "compose.yaml": "services:\n  cart: {image: cart}\n",
    "compose.observability.yaml": PROMETHEUS,
    ".env": "PROMETHEUS_IMAGE=quay.io/prometheus/prometheus:v3.5.0\nPROMETHEUS_PORT=9090\n",
    ".env.override": "# yours\n",
}
JUICE = {
    ".github/workflows/ci.yml": MAIN,
    ".gitlab-ci.yml": "test: {script: npm test}\n",
    "package.json": '{"name": "juice-shop", "version": "20.1.1"}\n',
    "docker-compose.test.yml": "services: {}\n",
}
FLUX = {
    ".github/workflows/e2e.yaml": "on:\n  workflow_dispatch:\n  push:\n    branches: ['*']\n",
    ".github/workflows/test.yaml": PULL,
    **{
        f"{top}/{side}/{file}": f"apiVersion: v1\nkind: Kustomization\nhost: {host}.{side}\n"
        for side in ("staging", "production")
        for top, file, host in (("apps", "podinfo-values.yaml", "podinfo"), ("clusters", "apps.yaml", "apps"))
    },
    **{f"apps/{side}/kustomization.yaml": "resources: [../base]\n" for side in ("staging", "production")},
}

Show = Callable[..., None]


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Kim\n\temail = kim@example.com\n")
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("WORKBENCH_AS", "GITHUB_TOKEN", "GITHUB_RUN_ID", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A checkout of these files, with a remote; the tag is on the commit before."""

    def make(files: Mapping[str, str], remote: str, tag: str = "") -> Path:
        folder = tmp_path / remote.rpartition("/")[2]
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        git(folder, "remote", "add", "origin", remote)
        if tag:
            git(folder, "commit", "-q", "--allow-empty", "-m", "before")
            git(folder, "tag", tag)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "as it is")
        monkeypatch.chdir(folder)
        return folder

    return make


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """GitHub lists these runs of the commit: file, event, conclusion."""

    def lists(folder: Path, *runs: tuple[str, str, str]) -> None:
        commit = git(folder, "rev-parse", "HEAD")
        listed = [_run(number, commit, *said) for number, said in enumerate(runs, 1)]

        async def answer(self: Any, request: httpx.Request) -> httpx.Response:
            assert request.url.host == "api.github.com"
            asked = (
                request.url.path.rpartition("/workflows/")[2].partition("/")[0]
                if "/workflows/" in str(request.url)
                else ""
            )
            chosen = [run for run in listed if not asked or run["path"].endswith(f"/{asked}")]
            body = json.dumps({"total_count": len(chosen), "workflow_runs": chosen}).encode()
            return httpx.Response(200, stream=httpx.ByteStream(body), request=request)

        monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer)

    return lists


def _run(number: int, commit: str, file: str, event: str, conclusion: str) -> dict[str, Any]:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": number, "workflow_id": number, "run_number": 1, "run_attempt": 1, "status": "completed",
        "conclusion": conclusion, "event": event, "head_sha": commit, "head_branch": "main", "name": file.partition(".")[0],
        "path": f".github/workflows/{file}", "created_at": now, "run_started_at": now, "updated_at": now,
        "repository": {"id": 1, "full_name": "o/n"}, "head_repository": {"id": 1, "full_name": "o/n"},
    }  # fmt: skip


def first_verdict(type_in: Type) -> tuple[str, str]:
    """How the first gate stands after three commands, and all that ``init`` found."""
    begun = type_in("init", "--trust").out
    type_in("fetch")
    return type_in("gate", "ci", code=None).out, begun


def test_saleor(clone: Callable[..., Path], github: Callable[..., None], type_in: Type) -> None:
    folder = clone(SALEOR, "https://github.com/saleor/saleor", tag="v2018.09")
    git(folder, "tag", "3.21.0-a.0", "HEAD~1")
    github(folder, *((file, "push", "success") for file in ("tests.yml", "linters.yaml", "publish-main.yml")))
    verdict, begun = first_verdict(type_in)
    assert "CI: ✓ ready" in verdict
    assert "3 runs succeeded" in verdict
    assert "release      3.24.0-a.0: pyproject.toml and package.json say so" in begun
    assert "on every push to main: linters.yaml, publish-main.yml, tests.yml" in begun
    assert "deployment" not in begun  # the two compose files are the developers' own


def test_saleor_with_a_red_linter(
    clone: Callable[..., Path], github: Callable[..., None], type_in: Type
) -> None:
    folder = clone(SALEOR, "https://github.com/saleor/saleor")
    github(folder, ("tests.yml", "push", "success"), ("linters.yaml", "push", "failure"))
    verdict, _ = first_verdict(type_in)
    assert "CI: ✗ blocked" in verdict
    assert "linters" in verdict


def test_microservices_demo(clone: Callable[..., Path], github: Callable[..., None], type_in: Type) -> None:
    folder = clone(MICROSERVICES, "https://github.com/GoogleCloudPlatform/microservices-demo", tag="sic-jss")
    github(folder, ("ci-main.yaml", "push", "success"))
    verdict, begun = first_verdict(type_in)
    assert "CI: ✓ ready" in verdict
    assert "release      0.10.6: helm-chart/Chart.yaml says so" in begun
    assert "pipeline     GitHub, on every push to main: ci-main.yaml\n" in begun
    assert "pipeline     GitHub, on some pushes: helm-chart-ci.yaml\n" in begun
    assert (
        "pipeline     GitHub, not by a commit that is pushed: ci-pr.yaml, terraform-validate-ci.yaml\n"
        in begun
    )
    for name in ("helm-chart/", "kubernetes-manifests/", "kustomize/", "terraform/", "skaffold.yaml"):
        assert f"deployment   {name}\n" in begun
    assert "pipeline     cloudbuild.yaml" in begun


def test_opentelemetry_demo(clone: Callable[..., Path], github: Callable[..., None], type_in: Type) -> None:
    folder = clone(TELEMETRY, "https://github.com/open-telemetry/opentelemetry-demo", tag="3.0.0")
    files = ("checks.yml", "build-images.yml")
    github(
        folder, *((file, "push", "success") for file in files), ("nightly-release.yml", "schedule", "success")
    )
    verdict, begun = first_verdict(type_in)
    assert "CI: ✓ ready" in verdict
    assert "component-build-images.yml" not in verdict  # other workflows call it; no commit gets a run of it
    assert "release      3.0.1: the next after the tag 3.0.0" in begun
    assert "metrics      Prometheus in compose.observability.yaml, port 9090" in begun
    for name in (".env", ".env.override", "compose.yaml", "compose.observability.yaml"):
        assert f"deployment   {name}\n" in begun


def test_juice_shop_on_gitlab(clone: Callable[..., Path], type_in: Type) -> None:
    clone(JUICE, "https://gitlab.com/juice-shop/juice-shop.git", tag="v20.1.1")
    begun = json.loads(type_in("init", "--json").out)
    assert begun["release"] == "20.1.2"
    assert "pipeline     .gitlab-ci.yml" in begun["found"]
    assert "workbench benchmark enter failed-jobs 0 --link URL" in begun["next"]
    type_in(
        "benchmark",
        "enter",
        "failed-jobs",
        "0",
        "--link",
        "https://gitlab.com/juice-shop/juice-shop/-/pipelines/7",
    )
    assert "CI: ✓ ready" in type_in("gate", "ci").out


def test_juice_shop_on_github(clone: Callable[..., Path], github: Callable[..., None], type_in: Type) -> None:
    folder = clone(JUICE, "git@github.com:juice-shop/juice-shop.git", tag="v20.1.1")
    github(folder, ("ci.yml", "push", "success"))
    verdict, _ = first_verdict(type_in)
    assert "CI: ✓ ready" in verdict


def test_flux_example(clone: Callable[..., Path], github: Callable[..., None], type_in: Type) -> None:
    folder = clone(FLUX, "https://github.com/fluxcd/flux2-kustomize-helm-example")
    github(folder, ("e2e.yaml", "push", "failure"))
    verdict, begun = first_verdict(type_in)
    assert "CI: ✗ blocked" in verdict
    assert "e2e" in verdict
    assert "deployment   apps/\n" in begun
    assert "deployment   clusters/\n" in begun
    imported = type_in("import", "differences", ".workbench/pairs.csv").out
    assert "2 new" in imported
    listed = type_in("parity", "list").out
    assert "apps/*/podinfo-values.yaml" in listed
    assert "clusters/*/apps.yaml" in listed
    # Nobody has judged them yet, so they count as high, and a person says otherwise with one command.
    assert "✗" in type_in("gate", "differences", code=1).out
    type_in("parity", "edit", "clusters/*/apps.yaml", "--severity", "low")


def test_where_only_pull_requests_are_tested_a_person_says_how_it_went(
    clone: Callable[..., Path], type_in: Type
) -> None:
    """No commit gets a run there, so asking GitHub could never be green, or only by a nightly job."""
    files = {".github/workflows/test.yaml": PULL, ".github/workflows/stale.yml": NIGHT}
    clone(files, "https://github.com/example/shop")
    begun = json.loads(type_in("init", "--json").out)
    assert begun["next"][0] == "workbench benchmark enter failed-jobs 0 --link URL"
    assert "pipeline     GitHub, not by a commit that is pushed: stale.yml, test.yaml" in begun["found"]
    assert "on: push" in Path("workbench.yaml").read_text(encoding="utf-8")
