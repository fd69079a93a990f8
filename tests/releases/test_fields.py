"""What a release's own fields take: kinds of change by number or word, build products."""

from __future__ import annotations

from datetime import UTC

import pytest

from workbench.model.cells import CellError
from workbench.model.changes import CHANGE_KINDS
from workbench.releases.fields import read_artifacts, read_changes
from workbench.releases.model import Artifact


@pytest.mark.parametrize("key", CHANGE_KINDS)
def test_kinds_of_change_are_known_by_number(key: str) -> None:
    assert read_changes(f" {key.lower()} ,", UTC) == (key,)


def test_kinds_of_change_are_known_by_a_word() -> None:
    words = (
        "api, schema, platform, flag, dependency, security, performance, recovery, compliance, "
        "serverless, capacity, configuration"
    )
    assert read_changes(words, UTC) == tuple(CHANGE_KINDS)
    assert read_changes("", UTC) == ()
    with pytest.raises(CellError, match="could be"):
        read_changes("change", UTC)


def test_that_there_is_none_is_said_alone() -> None:
    assert read_changes("None", UTC) == ("none",)
    with pytest.raises(CellError, match="beside"):
        read_changes("none, schema", UTC)


def test_a_build_product_has_a_name_and_a_digest() -> None:
    assert read_artifacts("app.oci = sha256:9c41\nweb.oci=sha256:11", UTC) == (
        Artifact("app.oci", "sha256:9c41"),
        Artifact("web.oci", "sha256:11"),
    )
    for text in ("app.oci", "=sha256:9c41", "app.oci= "):
        with pytest.raises(CellError, match="is no artifact") as caught:
            read_artifacts(text, UTC)
        assert "NAME=DIGEST" in caught.value.hint


def test_artifacts_may_be_called_in_any_language_but_each_has_a_name_of_its_own() -> None:
    assert read_artifacts("büro.oci=sha256:12", UTC) == (Artifact("büro.oci", "sha256:12"),)
    with pytest.raises(CellError, match=r"two artifacts are called “büro\.oci”"):
        read_artifacts("büro.oci=sha256:12\nbüro.oci=sha256:13", UTC)
