"""One signed shop with its bundles for all tests of this folder; what changes one works on a copy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.bundles import Keys, bundled, make_keys, signed_shop, signers

from workbench.signoff.ssh_signatures import Signer


class Bundles(msgspec.Struct, frozen=True):
    """The same bundle three times, who may sign, and the project's folder."""

    folder: Path
    zip: Path
    tar: Path
    signers: tuple[Signer, ...]
    root: Path
    keys: Keys

    @property
    def all(self) -> tuple[Path, ...]:
        return self.folder, self.zip, self.tar


@pytest.fixture(scope="package")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bundles]:
    folder = tmp_path_factory.mktemp("bundles")
    keys = make_keys(folder / "keys")
    before = os.environ.get("WORKBENCH_DATA")
    os.environ["WORKBENCH_DATA"] = str(folder / "data")
    try:
        with signed_shop(folder, keys) as context:
            for name in ("bundle", "bundle.zip", "bundle.tar.gz"):
                bundled(context, folder / name, keys)
            made = Bundles(
                folder=folder / "bundle",
                zip=folder / "bundle.zip",
                tar=folder / "bundle.tar.gz",
                signers=signers(context),
                root=context.root,
                keys=keys,
            )
    finally:
        if before is None:
            del os.environ["WORKBENCH_DATA"]
        else:
            os.environ["WORKBENCH_DATA"] = before
    yield made
