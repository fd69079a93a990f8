"""An excerpt that a key sealed: who sealed it is said, and what does not hold is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.building import clear, sign, who
from tests.ssh import keygen_verifies, make_key, public_line

from workbench.model.errors import NotAllowed
from workbench.record.packs import read_header
from workbench.signoff.ssh_signatures import allowed_signers
from workbench.usecases import excerpts
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.showing import shown_gate
from workbench.usecases.ssh_signing import with_key

ROBIN = "{key: robin, name: Robin, roles: [release-owner, staging-owner]}"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return make_key(tmp_path, "robin")


@pytest.fixture
def shop(tmp_path: Path, key: Path) -> Iterator[Context]:
    """Signed with a key by robin, whose gate asks for one."""
    text = build.SHOP.replace(ROBIN, ROBIN[:-1] + f', keys: [{{key: "{public_line(key)}"}}]}}')
    text = text.replace("[{role: staging-owner}]}", "[{role: staging-owner}], require_signature: true}")
    with build.shop(tmp_path / "shop", text) as context:
        clear(context)
        sign(with_key(who(context, "robin"), str(key), asks=False), "benchmarks", "robin")
        yield who(context, "robin")


@pytest.fixture
def sealed(shop: Context, key: Path, tmp_path: Path) -> Path:
    path = tmp_path / "shop.excerpt.jsonl"
    path.write_bytes(excerpts.excerpt(shop))
    excerpts.seal_of(path).write_bytes(excerpts.seal(shop, path.read_bytes(), str(key), asks=False))
    return path


def judged(shop: Context, path: Path, *, sealed: bool = False) -> str:
    context = excerpts.from_excerpt(Options(project=shop.root, now=build.NOW), path, sealed=sealed)
    try:
        found = shown_gate(context, evaluate(context), "benchmarks")
        return text_report(found, found.gate("benchmarks"))
    finally:
        context.record.close()


def test_who_sealed_it_is_said_and_the_signatures_in_it_hold(
    shop: Context, sealed: Path, tmp_path: Path
) -> None:
    said = judged(shop, sealed, sealed=True)
    assert "judged from an excerpt, sealed with SHA256:" in said
    assert "unsealed" not in said
    assert "; signed with SHA256:" in said
    allowed = allowed_signers(shop.definitions.project.people)
    armored = excerpts.seal_of(sealed).read_bytes()
    assert keygen_verifies(tmp_path, allowed, "robin", "workbench.excerpt", sealed.read_bytes(), armored)
    _, header = read_header(sealed.read_bytes().partition(b"\n")[0], "")
    assert header.log.root == shop.record.checkpoint(header.log.size).root


def test_one_that_nobody_sealed_is_judged_and_called_so_unless_a_seal_is_asked_for(
    shop: Context, sealed: Path
) -> None:
    excerpts.seal_of(sealed).unlink()
    assert "unsealed" in judged(shop, sealed)
    with pytest.raises(NotAllowed, match="is not sealed"):
        judged(shop, sealed, sealed=True)


def test_one_that_was_edited_or_that_nobody_known_sealed_is_refused(
    shop: Context, sealed: Path, tmp_path: Path
) -> None:
    good = sealed.read_bytes()
    sealed.write_bytes(build.resealed(good.replace(b'"0.46"', b'"0.44"')))
    assert sealed.read_bytes() != good
    with pytest.raises(NotAllowed, match="does not fit the text"):
        judged(shop, sealed)
    sealed.write_bytes(good)
    with pytest.raises(NotAllowed, match="is not among the keys of robin"):
        excerpts.seal(shop, good, str(make_key(tmp_path, "other")), asks=False)
    (shop.root / "workbench.yaml").write_text(build.SHOP, encoding="utf-8")
    with pytest.raises(NotAllowed, match="nobody's key"):
        judged(shop, sealed)
    excerpts.seal_of(sealed).write_bytes(b"nonsense")
    with pytest.raises(NotAllowed, match="no signature of an SSH key"):
        judged(shop, sealed)
