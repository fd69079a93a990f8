"""What in a folder says how it runs, and what it has twice: for staging and for production."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from workbench.usecases.deployments import deployment
from workbench.usecases.pairs import MOST, as_table, for_one_environment, pairs, told

MANIFEST = "# the shop\napiVersion: apps/v1\nkind: Deployment\n"


def write(folder: Path, *files: str | tuple[str, str]) -> list[str]:
    """Files with a content, or with their own name as content."""
    made = [(file, file) if isinstance(file, str) else file for file in files]
    for name, text in made:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return sorted(name for name, _ in made)


@pytest.mark.parametrize(
    ("file", "seen"),
    [
        ("compose.observability.yaml", "compose.observability.yaml"),
        ("docker-compose.yml", "docker-compose.yml"),
        ("deploy/k8s/app.yaml", "deploy/k8s/"),
        ("kustomize/base/kustomization.yaml", "kustomize/"),
        ("overlays/staging/kustomization.yaml", "overlays/staging/"),
        ("helm-chart/Chart.yaml", "helm-chart/"),
        ("helm-chart/templates/web.tpl", "helm-chart/"),
        ("charts/web/values-staging.yaml", "charts/"),
        ("kubernetes-manifests/cart.yaml", "kubernetes-manifests/"),
        (("deploy/staging/app.yaml", MANIFEST), "deploy/staging/"),
        (("release.yaml", MANIFEST), "release.yaml"),
        ("terraform/environments/staging/main.tf", "terraform/environments/staging/"),
        ("infra/staging.tfvars", "infra/"),
        ("fly.toml", "fly.toml"),
        ("serverless.yml", "serverless.yml"),
        ("skaffold.yaml", "skaffold.yaml"),
        (".env", ".env"),
        (".env.override", ".env.override"),
    ],
)
def test_what_says_how_it_runs_is_seen(tmp_path: Path, file: str | tuple[str, str], seen: str) -> None:
    assert deployment(tmp_path, write(tmp_path, file)) == (seen,)


@pytest.mark.parametrize(
    "file",
    [
        ".devcontainer/compose.yaml", ".worktree-container/docker-compose.yml", "docs/k8s/app.yaml", "tests/compose.yml",
        ("catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Component\n"), ("openapi.yaml", "openapi: 3.1.0\n"),
        ".env.example", ("mkdocs.yml", "site_name: x\n"), ("examples/app.yaml", MANIFEST),
        (".fluxschema.yml", MANIFEST),
    ],
)  # fmt: skip
def test_developers_toys_and_examples_are_not(tmp_path: Path, file: str | tuple[str, str]) -> None:
    assert deployment(tmp_path, write(tmp_path, file)) == ()


def test_many_files_are_told_by_the_folder_that_holds_them(tmp_path: Path) -> None:
    names = write(
        tmp_path,
        ("apps/base/podinfo/release.yaml", MANIFEST), "apps/staging/kustomization.yaml",
        "apps/production/kustomization.yaml", ("clusters/staging/apps.yaml", MANIFEST),
        ("clusters/production/apps.yaml", MANIFEST),
    )  # fmt: skip
    assert deployment(tmp_path, names) == ("apps/", "clusters/")


@pytest.mark.parametrize(
    ("staging", "production", "title"),
    [
        ("apps/staging/values.yaml", "apps/production/values.yaml", "apps/*/values.yaml"),
        ("overlays/stage/kustomization.yaml", "overlays/prod/kustomization.yaml", "overlays/*/kustomization.yaml"),
        ("helm/values-staging.yaml", "helm/values-prod.yaml", "helm/values-*.yaml"),
        (".env.staging", ".env.production", ".env.*"),
        ("staging.env", "prod.env", "*.env"),
        ("terraform/environments/staging/main.tf", "terraform/environments/prod/main.tf", "terraform/environments/*/main.tf"),
        ("infra/staging.tfvars", "infra/production.tfvars", "infra/*.tfvars"),
        ("appsettings.Staging.json", "appsettings.Production.json", "appsettings.*.json"),
        ("config/staging.yaml", "config/production.yaml", "config/*.yaml"),
        ("config/environments/staging.rb", "config/environments/production.rb", "config/environments/*.rb"),
        ("shop/settings/staging.py", "shop/settings/production.py", "shop/settings/*.py"),
        ("compose.staging.yaml", "compose.prod.yaml", "compose.*.yaml"),
        ("fly.staging.toml", "fly.production.toml", "fly.*.toml"),
        ("k8s/pre-prod/app.yaml", "k8s/prod/app.yaml", "k8s/*/app.yaml"),
        ("k8s/staging/values-staging.yaml", "k8s/prod/values-prod.yaml", "k8s/*/values-*.yaml"),
        ("charts/staging-eu.yaml", "charts/prod-eu.yaml", "charts/*-eu.yaml"),
    ],
)  # fmt: skip
def test_a_file_for_staging_and_its_counterpart_are_a_pair(
    tmp_path: Path, staging: str, production: str, title: str
) -> None:
    (pair,) = pairs(tmp_path, write(tmp_path, staging, production))
    assert (pair.title, pair.staging, pair.production) == (title, staging, production)


@pytest.mark.parametrize(
    "files",
    [
        ["config/staging.yaml"], ["values.yaml", "values-staging.yaml"], ["src/onstage.py", "src/delivery.py"],
        ["docs/staging.yaml", "docs/production.yaml"], ["staging.md", "production.md"], ["a/staging.yaml", "b/prod.yaml"],
        [("staging.yaml", "same: yes\n"), ("production.yaml", "same: yes\r\n")], ["k8s/staging/prod.yaml", "k8s/prod/x.yaml"],
    ],
)  # fmt: skip
def test_no_pair_is_made_up(tmp_path: Path, files: list[str | tuple[str, str]]) -> None:
    assert pairs(tmp_path, write(tmp_path, *files)) == ()


def test_configuration_of_one_environment_is_seen_without_a_counterpart() -> None:
    named = [
        ".env.staging", "appsettings.Staging.json", "config/staging.yaml", "deploy/values-staging.yaml", "prod.tfvars",
    ]  # fmt: skip
    others = [
        "staging.md",
        "src/live.py",
        "config/app.yaml",
        "tests/staging.yaml",
        ".vscode/prod.json",
        "delivery.yml",
    ]
    assert sorted(for_one_environment([*named, *others])) == sorted(named)


def test_staging_counts_before_other_words_for_it(tmp_path: Path) -> None:
    (pair,) = pairs(tmp_path, write(tmp_path, "uat.env", "staging.env", "live.env", "prod.env"))
    assert (pair.staging, pair.production) == ("staging.env", "prod.env")


def test_of_two_folders_a_file_that_only_one_has_is_a_difference(tmp_path: Path) -> None:
    names = write(
        tmp_path,
        ("apps/staging/a.yaml", "1"), ("apps/production/a.yaml", "2"), ("apps/staging/same.yaml", "3"),
        ("apps/production/same.yaml", "3"), "apps/staging/debug.yaml", "apps/staging/notes.md",
    )  # fmt: skip
    found = pairs(tmp_path, names)
    assert [(pair.title, pair.staging, pair.production) for pair in found] == [
        ("apps/*/a.yaml", "apps/staging/a.yaml", "apps/production/a.yaml"),
        ("apps/*/debug.yaml", "apps/staging/debug.yaml", ""),
    ]
    assert list(told(found)) == ["apps/*/: 2 files"]
    rows = list(csv.reader(as_table(found).splitlines()))
    assert rows[2] == [
        "apps/*/debug.yaml",
        "configuration",
        "apps/staging/debug.yaml",
        "none",
        "not judged yet",
    ]


def test_very_many_files_are_told_by_folder(tmp_path: Path) -> None:
    names = [f"clusters/{side}/f{n}.yaml" for n in range(MOST + 1) for side in ("staging", "production")]
    found = pairs(tmp_path, write(tmp_path, *names, ".env.staging", ".env.production"))
    rows = list(csv.reader(as_table(found).splitlines()))
    assert rows[1:] == [
        [".env.*", "configuration", ".env.staging", ".env.production", "not judged yet"],
        [
            "clusters/*/: 41 files",
            "configuration",
            "clusters/staging/",
            "clusters/production/",
            "not judged yet",
        ],
    ]


def test_what_stands_in_the_files_is_shown_nowhere(tmp_path: Path) -> None:
    names = write(tmp_path, (".env.staging", "KEY=hunter2"), (".env.production", "KEY=hunter3"))
    found = pairs(tmp_path, names)
    assert "hunter" not in as_table(found) + "".join(told(found)) + repr(found)


def test_links_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, ("secret", "x"), ("real.yaml", MANIFEST))
    for name in ("staging.yaml", "production.yaml", "app.yaml"):
        (tmp_path / name).symlink_to(tmp_path / "real.yaml")
    assert pairs(tmp_path, ["production.yaml", "staging.yaml"]) == ()
    assert deployment(tmp_path, ["app.yaml"]) == ()
