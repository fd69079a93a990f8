"""Versions are read by what a file holds, whatever it is called."""

from __future__ import annotations

import pytest

from workbench.model.errors import SourceError
from workbench.sources.versions.in_files import version_in, versions_in

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - {name: api, image: 'registry.example:5000/shop/api:v1.29.4'}
        - {name: side, image: envoyproxy/envoy}
---
kind: Service
"""
COMPOSE = "services:\n  db: {image: 'postgres:15.10'}\n  web: {build: .}\n"
HELM = (
    "image: {repository: shop/api, tag: 1.10}\nworker:\n  image: {repository: shop/worker, digest: 'sha256:"
    + "a" * 64
    + "'}\n"
)
KUSTOMIZE = "kind: Kustomization\nimages:\n  - {name: shop/api, newTag: v2}\n"
DOCKER = "FROM --platform=linux/amd64 python:3.11.4-slim AS base\nRUN true\nFROM scratch\n"


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        (DEPLOYMENT, {"shop/api": "v1.29.4", "envoyproxy/envoy": "latest"}),
        (COMPOSE, {"postgres": "15.10"}),
        (HELM, {"shop/api": "1.10", "shop/worker": "sha256:" + "a" * 64}),
        (KUSTOMIZE, {"shop/api": "v2"}),
        (DOCKER, {"python": "3.11.4-slim"}),
        ("postgres 15.4 (Debian 15.4-1)\n# a comment\nredis=7.0\n", {"postgres": "15.4 (Debian 15.4-1)", "redis": "7.0"}),
        ("requests==2.31.0\nurllib3==2.0  # pinned\n", {"requests": "2.31.0", "urllib3": "2.0"}),
        ("postgres: 15.10\nnested:\n  redis: '7'\n", {"postgres": "15.10", "nested.redis": "7"}),
        ('{"api": "1.2", "parts": [{"name": "x", "version": "3"}]}', {"api": "1.2", "parts.x": "3"}),
        ("a 1.2\na 1.3\n", {"a": "1.2 or 1.3"}),
        ("libssl3:amd64=1:3.0-2\n", {"libssl3": "amd64=1:3.0-2"}),
        ("openssl 1:2.0-3ubuntu1\n", {"openssl": "1:2.0-3ubuntu1"}),
    ],
)  # fmt: skip
def test_versions_are_read(text, versions):
    assert versions_in(text.encode(), "f") == versions


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "names no version"),
        (b"\xff\xfe\x00", "is not"),
        (b"a\0b", "no text"),
        (b'{"a": ', "no YAML"),
        (b"[" * 5000, "levels deep"),
        (b"x: &x [*x]\n", "would contain itself"),
        (b"kind: ConfigMap\n", None),
    ],
    ids=range(7),
)
def test_what_cannot_be_read_says_so(data, why):
    if why is None:
        assert versions_in(data, "f") == {"kind": "ConfigMap"}
        return
    with pytest.raises(SourceError) as error:
        versions_in(data, "f")
    assert why in error.value.what


@pytest.mark.parametrize(
    ("data", "media", "version"),
    [
        (b"1.2.3\n", "text/plain", "1.2.3"),
        (b'{"version": "1.2", "commit": "abc"}', "application/json", "1.2"),
        (b'{"release": 7.10}', "application/json", "7.10"),
        (b'"v5"', "application/json", "v5"),
    ],
)
def test_the_version_of_one_answer(data, media, version):
    assert version_in(data, media, "w") == version


@pytest.mark.parametrize(
    ("data", "media"),
    [(b"", "text/plain"), (b"<html>", "text/html"), (b"{}", "application/json"), (b"[]", "application/json")],
)
def test_an_answer_without_a_version(data, media):
    with pytest.raises(SourceError):
        version_in(data, media, "w")


def test_many_names_for_one_thing_end():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{{p: *{chr(97 + i)}}}, {{p: *{chr(97 + i)}}}]\n" for i in range(24)
    )
    with pytest.raises(SourceError):
        versions_in((bomb + "z: {y: '1'}\n").encode(), "f")
