"""What a difference in configuration is called, what it is about, and when it is a small one."""

from __future__ import annotations

import pytest

from workbench.definitions.shapes import Category, Severity
from workbench.probes.captured import Change
from workbench.probes.sorting import category_of, severity_of, title_of


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("shop.env/DB_POOL", "shop.env: DB_POOL"),
        ("POOL", "POOL"),
        ("nginx.conf", "nginx.conf"),
        ("web/app.yaml/db/pool", "web/app.yaml: db.pool"),
        ("Deployment/shop/spec/replicas", "Deployment shop: spec.replicas"),
        ("kustomization.yaml/Kustomization/-/namespace", "kustomization.yaml: Kustomization namespace"),
        ("k8s/replicas.yml/Deployment/shop/spec/replicas", "k8s/replicas.yml: Deployment shop spec.replicas"),
        (
            "Service/shop/metadata/labels/app.kubernetes.io~1name",
            "Service shop: metadata.labels.app.kubernetes.io/name",
        ),
        ("aws_db_instance.main/instance_class", "aws_db_instance.main: instance_class"),
    ],
)
def test_a_parameter_is_called_as_people_call_it(path: str, title: str) -> None:
    assert title_of(path) == title


@pytest.mark.parametrize(
    ("path", "category"),
    [
        ("a.env/DB_PASSWORD", Category.SECURITY),
        ("a.env/LOG_LEVEL", Category.OBSERVABILITY),
        ("Deployment/x/spec/replicas", Category.INFRASTRUCTURE),
        ("Deployment/x/spec/template/spec/containers/web/image", Category.SERVICES),
        ("a.env/DB_POOL", None),
        ("a.env/TOKEN_TTL", None),
    ],
)
def test_what_a_parameter_is_about_is_told_by_its_path(path: str, category: Category | None) -> None:
    assert category_of(path) == category


@pytest.mark.parametrize(
    ("staging", "production", "severity"),
    [
        ("staging", "production", Severity.LOW),
        ("https://staging.shop.example/a", "https://production.shop.example/a", Severity.LOW),
        ("https://staging.shop.example/a", "https://production.shop.example/b", None),
        ("5", "50", None),
        (None, "production", None),
    ],
)
def test_the_name_of_the_environment_alone_is_little(
    staging: str | None, production: str | None, severity: Severity | None
) -> None:
    assert severity_of(Change(path="a", staging=staging, production=production)) == severity
