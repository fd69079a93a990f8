"""A shop whose release is signed with real keys, and its bundle: what the tests of bundles begin with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from tests import building as build
from tests.ssh import make_key, public_line

from workbench.signoff.ssh_signatures import Signer, allowed_signers, signers_of
from workbench.usecases.bundling.making import Made, make
from workbench.usecases.context import Context
from workbench.usecases.ssh_signing import SigningKey, with_key

PEOPLE = ("kim", "robin", "sam")


class Keys(msgspec.Struct, frozen=True):
    """The private keys of the shop's people, in one folder."""

    folder: Path

    def of(self, person: str) -> Path:
        return self.folder / person


def make_keys(folder: Path) -> Keys:
    folder.mkdir()
    for person in (*PEOPLE, "stranger"):
        make_key(folder, person)
    return Keys(folder)


def text_of(keys: Keys, text: str = build.SHOP) -> str:
    """The shop's file with the keys of its people."""
    for person in PEOPLE:
        line = next(one for one in text.splitlines() if f"{{key: {person}," in one)
        text = text.replace(
            line, line.replace("roles:", f'keys: [{{key: "{public_line(keys.of(person))}"}}], roles:')
        )
    return text


@contextmanager
def signed_shop(folder: Path, keys: Keys, *, go: bool = True) -> Iterator[Context]:
    """A release whose gates are signed: *benchmarks* with robin's key, *go* with kim's and sam's unless ``go`` is off."""
    with build.shop(folder / "shop", text_of(keys)) as context:
        build.clear(context)
        signed(context, keys, "benchmarks", "robin")
        if go:
            signed(context, keys, "go", "kim")
            signed(context, keys, "go", "sam")
        yield context


def signed(
    context: Context, keys: Keys, gate: str, person: str, decision: str = "approve", comment: str = ""
) -> None:
    """Somebody signs a gate with their key."""
    here = with_key(build.who(context, person), str(keys.of(person)), asks=False)
    build.sign(here, gate, person, decision, comment)


def bundled(context: Context, to: Path, keys: Keys | None = None, person: str = "kim") -> Made:
    """A bundle of the release, its index signed with a person's key."""
    key = SigningKey(keys.of(person)) if keys is not None else None
    return make(build.who(context, person), to, key=key)


def signers(context: Context) -> tuple[Signer, ...]:
    return signers_of(context.definitions.project.people)


def signers_file(context: Context, path: Path) -> Path:
    path.write_text(allowed_signers(context.definitions.project.people))
    return path


def copy(bundle: Path, to: Path) -> Path:
    """Another copy of a bundle in a folder."""
    shutil.copytree(bundle, to)
    return to
