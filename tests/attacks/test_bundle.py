"""Attacks on bundles: what is copied, left out, made up or made to fit again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from tests import building as build
from tests.bundles import Keys, bundled, make_keys, signed, signed_shop, signers, text_of
from tests.ssh import public_line

from workbench.model.canonical import plain, sha256
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.times import Clock
from workbench.record import Change
from workbench.releases.model import Candidate, Outcome, Release
from workbench.signoff.model import SignOff, signoffs
from workbench.signoff.ssh_signatures import signers_of
from workbench.usecases import releasing, shipping, signing, ssh_signing
from workbench.usecases.bundling.asking import Refused, exit_code, from_bundle
from workbench.usecases.bundling.checking import check
from workbench.usecases.bundling.making import make
from workbench.usecases.bundling.names import NotIntact
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.reporting.showing import shown_gate
from workbench.usecases.ssh_signing import SigningKey


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path / "keys")


@pytest.fixture
def shop(tmp_path: Path, keys: Keys) -> Iterator[Context]:
    """A release whose gates are all signed with keys."""
    with signed_shop(tmp_path, keys) as context:
        yield context


def asked(context: Context, bundle: Path, sha: str = build.SHA, now: Any = build.NOW) -> int:
    """What ``gate --bundle`` exits with, by the project's own files."""
    found = from_bundle(Options(project=context.root, now=now), bundle, sha)
    try:
        judged = shown_gate(found, evaluate(found), None)
        return exit_code(judged, judged.gate(None))
    finally:
        found.record.close()


@contextmanager
def workbench_that_signs_anything() -> Iterator[None]:
    """A workbench that its user has changed: it asks neither whose key it is nor whether it counts."""
    with (
        patch.object(ssh_signing, "_require_own"),
        patch.object(ssh_signing, "require_holding"),
    ):
        yield


def copied(context: Context, change: Callable[[SignOff], SignOff]) -> None:
    """Somebody who can write to the record puts sam's answer there once more, as an answer to something else."""
    held = build.evaluate(context).held
    value = next(value for _, value in signoffs_anywhere(context) if value.person == "sam")
    assert held.candidate_id is not None
    forged = change(value)
    commit(build.who(context, "kim"), [Change("signoff", fresh_id(context), "signed", plain(forged), None)])


def signoffs_anywhere(context: Context) -> list[tuple[Any, SignOff]]:
    releases = context.record.all("release")
    return [pair for one in releases for pair in signoffs(context.record, one.id)]


def problems(context: Context, bundle: Path) -> str:
    found = check(bundle, signers(context))
    assert (found.exit_code, found.vouched) == (4, "")
    with pytest.raises(NotIntact):
        asked(context, bundle, str(build.evaluate(context).held.candidate.commit))  # type: ignore[union-attr]
    return "; ".join(found.problems)


def test_a_signoff_copied_to_another_release(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """The approval of one release is written into the record once more, as one of the next release.

    Its statement names release, candidate and commit; `verify` and `gate --bundle` compare them with the entry.
    """
    build_2 = Candidate(release="", number=0, commit=build.SHA_2, author="jo")
    releasing.plan(shop, Release(version="2.1.0"), build_2)
    nxt = msgspec.structs.replace(shop, release="2.1.0")
    held = evaluate(nxt).held
    copied(
        nxt,
        lambda value: msgspec.structs.replace(
            value, release=held.id, candidate=str(held.candidate_id), commit=build.SHA_2
        ),
    )
    bundled(nxt, tmp_path / "b", keys)
    assert "is about release 2.0.0, not 2.1.0" in problems(nxt, tmp_path / "b")


def test_a_signoff_copied_to_another_gate(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """An approval of one gate is written into the record once more, as one of another gate.

    The statement that the key signed names its gate; an entry that says another one is refused.
    """
    copied(shop, lambda value: msgspec.structs.replace(value, gate="benchmarks"))
    bundled(shop, tmp_path / "b", keys)
    assert "says another gate than its entry: “go”, not “benchmarks”" in problems(shop, tmp_path / "b")


def test_a_signoff_that_is_said_to_be_on_behalf_of_somebody_else(
    shop: Context, keys: Keys, tmp_path: Path
) -> None:
    """An approval is written into the record once more, as one that was given on behalf of another person.

    The statement names on whose behalf it was made; `verify` compares that with the entry.
    """
    copied(shop, lambda value: msgspec.structs.replace(value, for_person="robin"))
    bundled(shop, tmp_path / "b", keys)
    assert "says another for person than its entry: nothing, not “robin”" in problems(shop, tmp_path / "b")


def test_a_signoff_copied_to_another_candidate(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """An approval of one build is written into the record once more, as one of the build after it.

    The statement names the entry of its candidate by digest, and that entry is of another candidate.
    """
    build.proposed(shop, 2, commit=build.SHA_2)
    held = evaluate(shop).held
    copied(
        shop,
        lambda value: msgspec.structs.replace(value, candidate=str(held.candidate_id), commit=build.SHA_2),
    )
    bundled(shop, tmp_path / "b", keys)
    assert "is about another candidate than its entry" in problems(shop, tmp_path / "b")


def test_an_approval_that_was_revoked_and_is_entered_again(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """Somebody revoked an approval; who can write to the record enters the very same answer once more.

    A statement belongs to one answer: a second one that names it was copied.
    """
    signing.revoke(build.who(shop, "sam"), evaluate(shop), "go", "the wrong build")
    copied(shop, lambda value: msgspec.structs.replace(value, revoked_at=None, revoked_why=""))
    bundled(shop, tmp_path / "b", keys)
    assert "belongs to two answers: one of them was copied" in problems(shop, tmp_path / "b")


def resummed(bundle: Path) -> None:
    """Index and sums fit again after an edit, as somebody makes them who knows the format."""
    index = json.loads((bundle / "index.json").read_text())
    for line in index["files"]:
        data = (bundle / line["path"]).read_bytes()
        line["sha256"], line["size"] = sha256(data), len(data)
    (bundle / "index.json").write_text(json.dumps(index))
    found = sorted(one for one in bundle.rglob("*") if one.is_file() and one.name != "SHA256SUMS")
    lines = (f"{sha256(path.read_bytes())}  {path.relative_to(bundle).as_posix()}\n" for path in found)
    (bundle / "SHA256SUMS").write_text("".join(lines))


def test_a_report_that_was_rewritten_and_made_to_fit_again(tmp_path: Path, keys: Keys) -> None:
    """A gate's report, the index and the sums are rewritten together, so that every digest fits.

    The gates are judged again from the entries, and the report says something else than they do.
    """
    with signed_shop(tmp_path, keys, go=False) as context:
        bundled(context, tmp_path / "b")
        report = tmp_path / "b" / "gates" / "go.json"
        report.write_text(report.read_text().replace('"state": "ready"', '"state": "signed"'))
        resummed(tmp_path / "b")
        assert "“gates/go.json” says something else than the entries do" in problems(context, tmp_path / "b")
        index = tmp_path / "b" / "index.json"
        index.write_text(index.read_text().replace('"state": "ready"', '"state": "signed"'))
        resummed(tmp_path / "b")
        assert "the index says of Go: signed; from the entries it is ready" in problems(
            context, tmp_path / "b"
        )


def test_notes_that_say_another_thing_than_the_gates(tmp_path: Path, keys: Keys) -> None:
    """The release notes in a bundle are rewritten: they say that a gate is signed which is not.

    What they say of the release, its build and its gates is compared with what follows from the entries.
    """
    with signed_shop(tmp_path, keys, go=False) as context:
        bundled(context, tmp_path / "b")
        notes = tmp_path / "b" / "notes" / "release-notes.json"
        notes.write_text(
            notes.read_text().replace(
                '"state": "ready",\n      "through": false', '"state": "signed",\n      "through": true'
            )
        )
        resummed(tmp_path / "b")
        assert "says of the gate go: signed; from the entries it is ready" in problems(
            context, tmp_path / "b"
        )


def test_a_rejection_that_is_left_out(tmp_path: Path, keys: Keys) -> None:
    """The entry of a rejection is left out of a bundle; the approvals in it are genuine, and everything fits.

    An unsigned index vouches for nothing: `verify` says so, and `gate --bundle` lets nothing out.
    """
    with signed_shop(tmp_path, keys) as context:
        bundled(context, tmp_path / "b")
        signed(context, keys, "go", "sam", "reject", "the figures are of last week")
        found = check(tmp_path / "b", signers(context))
        assert (found.problems, found.vouched, found.exit_code) == ((), "", 1)
        with pytest.raises(Refused, match="nobody whom this project lists vouches for the bundle"):
            asked(context, tmp_path / "b")


def test_an_index_signed_again_with_a_key_of_ones_own(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """Somebody edits a bundle and signs its index again with a key of their own, in the name of kim.

    Signers come from the verifier's own list, where that key is nobody's.
    """
    shutil.copy(keys.of("stranger"), keys.of("kim"))
    shutil.copy(keys.folder / "stranger.pub", keys.folder / "kim.pub")
    with pytest.raises(NotAllowed, match="is not among the keys of kim"):
        bundled(shop, tmp_path / "b", keys)
    with workbench_that_signs_anything():
        bundled(shop, tmp_path / "b", keys)
    found = check(tmp_path / "b", signers(shop))
    assert (found.problems, found.vouched, found.exit_code) == ((), "", 1)
    assert "is nobody's key in the list of people" in found.signatures[0].problem
    with pytest.raises(Refused, match="is nobody's key"):
        asked(shop, tmp_path / "b")


def test_an_index_signed_by_one_person_in_the_name_of_another(
    shop: Context, keys: Keys, tmp_path: Path
) -> None:
    """A bundle says that kim made it, and sam's key signed its index.

    The signature has to be of the person whom the index names.
    """
    shutil.copy(keys.of("sam"), keys.of("kim"))
    shutil.copy(keys.folder / "sam.pub", keys.folder / "kim.pub")
    with workbench_that_signs_anything():
        bundled(shop, tmp_path / "b", keys)
    assert "is the key of sam, not of kim" in problems(shop, tmp_path / "b")


def test_a_bundle_of_an_old_key_with_an_earlier_day(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """Who has found a key that ended, or was revoked, makes a bundle and writes a day into it on which the key was valid.

    `gate --bundle` takes a key that is valid now; for `verify` one that your list says is revoked by now vouches for nothing.
    """
    bundled(shop, tmp_path / "b", keys)
    day = datetime(2026, 9, 20, tzinfo=UTC)
    later = day + timedelta(days=1)
    for field, words, vouched in (("before", "was valid until", "kim"), ("revoked", "was revoked on", "")):
        listed = [msgspec.structs.replace(one, **{field: day}) for one in signers(shop)]
        assert check(tmp_path / "b", listed, known_at=later).vouched == vouched
        found = check(tmp_path / "b", listed, known_at=later, current=True)
        assert (found.vouched, found.exit_code) == ("", 1)
        assert words in found.signatures[0].problem
        assert "this was not known before" in found.signatures[0].problem
        assert check(tmp_path / "b", listed, known_at=build.NOW, current=True).vouched == "kim"
    for end in ("until: 2026-09-20", "revoked: 2026-09-20"):
        build.write(shop.root, text_of(keys).replace('"}], roles:', f'", {end}}}], roles:'))
        with pytest.raises(Refused, match="this was not known before"):
            asked(shop, tmp_path / "b", now=later)


def revoked(keys: Keys, person: str, day: str, word: str = "revoked") -> str:
    """The shop's file, in which a person's key was revoked on a day, or has ended with ``until``."""
    line = public_line(keys.of(person))
    return text_of(keys).replace(f'{{key: "{line}"}}', f'{{key: "{line}", {word}: {day}}}')


def test_an_index_signed_with_a_revoked_key_and_dated_before_that(
    shop: Context, keys: Keys, tmp_path: Path
) -> None:
    """Who has found a revoked key makes a bundle as of a day on which it still counted, and signs that.

    The day in a bundle is a claim: a key that is revoked vouches for none, whatever day it says.
    """
    before = build.at(build.who(shop, "kim"), build.NOW - timedelta(days=20))
    early = msgspec.structs.replace(before, clock=Clock(fixed=before.now, real=lambda: build.NOW))
    make(early, tmp_path / "b", key=SigningKey(keys.of("kim")))
    assert check(tmp_path / "b", signers(shop), known_at=build.NOW).vouched == "kim"
    build.write(shop.root, revoked(keys, "kim", f"{build.NOW - timedelta(days=1):%Y-%m-%d}"))
    now = msgspec.structs.replace(shop, definitions=read_definitions(Options(project=shop.root))[1])
    found = check(tmp_path / "b", signers(now), known_at=build.NOW)
    assert (found.problems, found.vouched, found.exit_code) == ((), "", 1)
    assert "the key of kim was revoked" in found.signatures[0].problem
    with pytest.raises(Refused, match="was revoked"):
        asked(shop, tmp_path / "b")
    back = msgspec.structs.replace(now, clock=early.clock)
    for moment in (now, back):
        with pytest.raises(NotAllowed, match="was revoked"):
            bundled(moment, tmp_path / "now", keys)


def test_an_index_signed_with_a_key_that_has_ended(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """A bundle is dated before the end of the key that signed it, and holds what was recorded after that end.

    A bundle is no older than its last entry; and to let something out the key has to count now.
    """
    before = build.at(build.who(shop, "kim"), build.NOW - timedelta(days=20))
    early = msgspec.structs.replace(before, clock=Clock(fixed=before.now, real=lambda: build.NOW))
    make(early, tmp_path / "early", key=SigningKey(keys.of("kim")))
    bundled(shop, tmp_path / "b", keys)
    for days, vouched in ((5, ""), (-1, "kim")):
        build.write(shop.root, revoked(keys, "kim", f"{build.NOW - timedelta(days=days):%Y-%m-%d}", "until"))
        listed = signers_of(read_definitions(Options(project=shop.root))[1].project.people)
        assert check(tmp_path / "early", listed, known_at=build.NOW).vouched == vouched
        # A year later the bundle that was made in time still holds, and lets nothing out any more.
        later = build.NOW + timedelta(days=365)
        assert check(tmp_path / "b", listed, known_at=later).vouched == vouched
        assert check(tmp_path / "b", listed, known_at=later, current=True).vouched == ""


def test_a_bundle_asked_about_another_commit(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """The bundle of an approved build is shown to the pipeline that deploys another one.

    `gate --bundle` asks for the commit, and answers for no other one; without one it refuses.
    """
    bundled(shop, tmp_path / "b", keys)
    assert asked(shop, tmp_path / "b") == 0
    with pytest.raises(UsageError, match=f"about commit {build.SHA}, not {build.SHA_2}"):
        asked(shop, tmp_path / "b", build.SHA_2)
    with pytest.raises(UsageError, match="asked about one commit"):
        asked(shop, tmp_path / "b", "")


def test_an_approval_that_is_used_after_its_window(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """A bundle that was approved is kept, and shown again weeks later.

    Measurements are pinned until the deadline of sign-off; then they are as old as they are.
    """
    bundled(shop, tmp_path / "b", keys)
    assert asked(shop, tmp_path / "b", now=build.NOW + timedelta(hours=70)) == 0
    assert asked(shop, tmp_path / "b", now=build.NOW + timedelta(days=21)) == 1


def test_rules_that_the_bundle_brings_along(tmp_path: Path, keys: Keys) -> None:
    """A bundle brings definitions that ask for nothing, by which everything in it is approved.

    `gate --bundle` judges by the files of the verifier's own project.
    """
    lax = text_of(keys).replace(
        "    sign: {roles: [{role: release-owner}, {role: product-owner}], own: false}\n", ""
    )
    with build.shop(tmp_path / "shop", lax) as context:
        build.clear(context)
        signed(context, keys, "benchmarks", "robin")
        bundled(context, tmp_path / "b", keys)
        assert check(tmp_path / "b", signers(context)).exit_code == 0
        assert asked(context, tmp_path / "b") == 0
        build.write(context.root, text_of(keys))
        assert asked(context, tmp_path / "b") == 1


def test_a_signature_that_was_revoked_after_the_bundle_was_made(
    shop: Context, keys: Keys, tmp_path: Path
) -> None:
    """Somebody revokes an approval, and the bundle from before is used on.

    A bundle tells of its own moment only: the index says when it was judged and where the ledger ended, so a newer one or
    the record shows the revocation; the newer bundle is refused.
    """
    bundled(shop, tmp_path / "old", keys)
    signing.revoke(build.who(shop, "sam"), evaluate(shop), "go", "the wrong build")
    bundled(shop, tmp_path / "new", keys)
    assert asked(shop, tmp_path / "new") == 1
    old, new = (json.loads((tmp_path / name / "index.json").read_text()) for name in ("old", "new"))
    assert old["log"]["size"] < new["log"]["size"]


def test_a_release_that_was_rolled_back(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """The bundle of a release that shipped and was rolled back is used to deploy it again.

    What was approved of a release that went back no longer counts.
    """
    shipping.ship(shop)
    bundled(shop, tmp_path / "shipped", keys)
    assert asked(shop, tmp_path / "shipped") == 0
    releasing.end(shop, evaluate(shop).held, Outcome.ROLLED_BACK, reason="checkout failed for one in ten")
    bundled(shop, tmp_path / "back", keys)
    with pytest.raises(Refused, match="is rolled back"):
        asked(shop, tmp_path / "back")


def test_evidence_that_was_purged_and_is_smuggled_back(shop: Context, keys: Keys, tmp_path: Path) -> None:
    """What somebody purged from the record is put back into a bundle as a file.

    The index lists every file; what it does not list was added.
    """
    bundled(shop, tmp_path / "b", keys)
    (tmp_path / "b" / "evidence").mkdir(exist_ok=True)
    (tmp_path / "b" / "evidence" / f"{sha256(b'secret')}.txt").write_bytes(b"secret")
    assert "was added: the index does not list it" in problems(shop, tmp_path / "b")
