"""Folders that nobody prepared for us: whatever lies in them, ``init`` reads it or passes it by."""

from __future__ import annotations

import shutil

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.place import Place
from tests.fuzz.places import empty

WORKFLOW = b"""\
name: CI
on:
  push: {branches: [main]}
  pull_request:
  workflow_call:
  schedule: [{cron: '0 3 * * *'}]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - {uses: actions/checkout@v4}
      - {run: pytest --junitxml=reports/junit.xml}
      - {uses: actions/upload-artifact@v4, with: {path: reports/}}
"""
COMPOSE = b"""\
services:
  prometheus: {image: 'prom/prometheus:v2.50', ports: ['9090:9090'], command: ['--web.listen-address=:9090']}
  shop: {build: ., environment: {A: '1'}, env_file: .env}
"""
FILES: dict[str, bytes] = {
    "package.json": b'{"name": "shop", "version": "1.2.3", "scripts": {"test": "jest --ci"}, "workspaces": ["a/*"]}',
    "pyproject.toml": b'[project]\nname = "shop"\nversion = "1.2.3"\n[tool.poetry]\nversion = "1.2.3"\n',
    "setup.cfg": b"[metadata]\nname = shop\nversion = 1.2.3\n",
    "Cargo.toml": b'[package]\nname = "shop"\nversion = "1.2.3"\n',
    "pom.xml": b"<project><artifactId>shop</artifactId><version>1.2.3-SNAPSHOT</version></project>",
    "build.gradle": b"version = '1.2.3'\n",
    "VERSION": b"1.2.3\n",
    "Chart.yaml": b"name: shop\nversion: 1.2.3\nappVersion: '2.0'\n",
    "values.yaml": b"replicas: 2\nimage: {tag: a}\n",
    "values-staging.yaml": b"replicas: 1\n",
    "values-production.yaml": b"replicas: 5\n",
    ".env.staging": b"A=1\nB='x'\n",
    ".env.production": b"A=2\nexport C=$D\n",
    "docker-compose.yml": COMPOSE,
    "compose.yaml": COMPOSE,
    "prometheus.yml": b"scrape_configs: [{job_name: shop, static_configs: [{targets: ['shop:80']}]}]\n",
    ".github/workflows/ci.yml": WORKFLOW,
    ".github/workflows/release.yaml": WORKFLOW.replace(b"push: {branches: [main]}", b"release: {types: [published]}"),
    ".gitlab-ci.yml": b"test: {script: [make], artifacts: {reports: {junit: report.xml}}}\n",
    "overlays/staging/kustomization.yaml": b"resources: [../../base]\nreplicas: [{name: shop, count: 1}]\n",
    "overlays/production/kustomization.yaml": b"resources: [../../base]\n",
    "terraform/staging.tfvars": b'size = "small"\n',
    "terraform/production.tfvars": b'size = "large"\n',
    "target/surefire-reports/TEST-a.xml": b'<testsuite name="a" tests="1"><testcase name="b"/></testsuite>',
    "reports/junit.xml": b'<testsuites><testsuite name="a" tests="1"><testcase name="b"/></testsuite></testsuites>',
    ".git/config": b'[remote "origin"]\n\turl = git@github.com:acme/shop.git\n',
    ".git/HEAD": b"ref: refs/heads/main\n",
    "CODEOWNERS": b"* @acme/shop\n",
    "CHANGELOG.md": b"# Changes\n\n## 1.2.3\n",
}  # fmt: skip


NAMES = st.sampled_from(sorted(FILES))
changed = NAMES.flatmap(lambda name: st.tuples(st.just(name), odd.bytes_of([FILES[name]], most=3)))
added = st.tuples(
    st.sampled_from(("values-", ".env.", "", "terraform/", ".github/workflows/")),
    odd.typed,
    st.sampled_from((".yaml", ".yml", ".json", ".toml", ".xml", "")),
).map("".join)


@SOME
@given(st.lists(NAMES, max_size=8), st.lists(changed, max_size=3), st.lists(added, max_size=2), st.booleans())
def test_folders(usual: list[str], odd_ones: list[tuple[str, bytes]], more: list[str], all_: bool) -> None:
    place = empty()
    place.put_back()
    for name, data in {
        **{name: FILES[name] for name in (FILES if all_ else usual)},
        **dict(odd_ones),
    }.items():
        _put(place, name, data)
    for name in more:
        _put(place, name, WORKFLOW)
    place.survives("init", GIT_CEILING_DIRECTORIES=str(place.root.parent))
    place.survives("check")
    place.survives("release", "new", "1.0", "--commit", "a" * 40, "--author", "seed", "--as", "seed")
    place.survives("gate")


def _put(place: Place, name: str, data: bytes) -> None:
    """A file in the project; a name that leads out of it, or to the project itself, is none."""
    try:
        path = place.within(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.rmtree(path)
        path.write_bytes(data)
    except (OSError, ValueError):
        return  # a name that no file of the project can have
