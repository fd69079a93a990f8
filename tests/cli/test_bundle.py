"""``bundle``, ``verify BUNDLE`` and ``gate --bundle`` as they are typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.bundles import Keys, make_keys, signed_shop, signers_file

from .conftest import Type


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path / "keys")


@pytest.fixture
def shop(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with signed_shop(tmp_path, keys) as context:
        signers_file(context, tmp_path / "signers")
    monkeypatch.chdir(context.root)
    yield context.root


AT = ("--now", "2026-09-15T10:00:00Z")


def test_a_signed_bundle_lets_its_commit_out(shop: Path, keys: Keys, type_in: Type, tmp_path: Path) -> None:
    made = type_in(
        "bundle", "--to", tmp_path / "b.zip", "--ssh-key", keys.of("kim"), "--as", "kim", "--json", *AT
    )
    assert made.json["signed_with"].startswith("SHA256:")
    said = type_in("verify", tmp_path / "b.zip").out
    assert said.startswith("intact, signed by kim: ")
    assert "approved by robin as staging-owner (signed with SHA256:" in said
    found = type_in("gate", "--bundle", tmp_path / "b.zip", "--commit", build.SHA[:12], *AT).out
    assert "judged from an excerpt, in a bundle signed by kim" in found
    for form in ("junit", "sarif", "markdown", "github", "gitlab", "ctrf", "json"):
        words = ("--bundle", tmp_path / "b.zip", "--commit", build.SHA, "--format", form)
        assert type_in("gate", *words, *AT).out


def test_exit_codes_say_what_is_the_matter(shop: Path, keys: Keys, type_in: Type, tmp_path: Path) -> None:
    bundle = tmp_path / "b"
    type_in("bundle", "--to", bundle, "--as", "kim", *AT)
    assert "nobody vouches for it" in type_in("verify", bundle, code=1).out
    asked = ("gate", "--bundle", bundle, *AT)
    assert "vouches" in type_in(*asked, "--commit", build.SHA, code=1).err
    assert "about commit" in type_in(*asked, "--commit", build.SHA_2, code=2).err
    assert "one commit" in type_in(*asked, code=2).err
    (bundle / "README.md").write_text("x")
    said = type_in("verify", bundle, code=4)
    assert said.out.startswith("NOT intact: “README.md” was changed")
    assert "not intact" in type_in(*asked, "--commit", build.SHA, code=4).err
    type_in("verify", tmp_path / "nothing", code=2)
    assert type_in("verify", bundle, "--json", code=4).json["intact"] is False


def test_a_bundle_is_verified_where_there_is_no_project(
    shop: Path, keys: Keys, type_in: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in("bundle", "--to", tmp_path / "b.tar.gz", "--ssh-key", keys.of("kim"), "--as", "kim", *AT)
    (tmp_path / "away").mkdir()
    monkeypatch.chdir(tmp_path / "away")
    said = type_in("verify", tmp_path / "b.tar.gz", code=1).out
    assert "no project here, and no --allowed-signers FILE" in said
    assert type_in("verify", tmp_path / "b.tar.gz", "--allowed-signers", tmp_path / "signers").out.startswith(
        "intact, signed by kim"
    )


def test_a_gate_that_is_ready_and_not_signed_is_not_approved(
    tmp_path: Path, keys: Keys, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    with signed_shop(tmp_path, keys, go=False) as context:
        monkeypatch.chdir(context.root)
    type_in("bundle", "--to", tmp_path / "b", "--ssh-key", keys.of("kim"), "--as", "kim", *AT)
    type_in("gate", "go", *AT)  # as CI asks before anybody signs
    asked = ("gate", "go", "--bundle", tmp_path / "b", "--commit", build.SHA, *AT)
    assert "not approved: Go is ready" in type_in(*asked, code=1).err
    assert type_in(*asked, "--json", code=1).json["exit_code"] == 1
    type_in(*asked, "--advisory")


def test_the_page_on_staging_is_written(shop: Path, type_in: Type, tmp_path: Path) -> None:
    type_in("parity", "statement", "--format", "html", "--output", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")
    assert "What is unproven" in type_in("parity", "statement", "--format", "md").out
    assert "changes nothing" in type_in("parity", "statement", "--format", "md", "--keep", code=2).err
