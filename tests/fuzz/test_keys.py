"""Signatures, heads, proofs and lists of signers from elsewhere: cut, changed, and made up."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import web_shop
from tests.ssh import HardwareKey, person

from workbench.signoff.ssh_signatures import allowed_signers

KEY = HardwareKey()
SIGNERS = allowed_signers([person("robin", KEY.public.line)]).encode()


@cache
def head() -> bytes:
    place = web_shop()
    place.put_back()
    text = place.survives("head").out
    armored = KEY.sign(text, "workbench.checkpoint").armored
    from workbench.signoff.checkpoints import read_note

    return read_note(text).signed("robin", armored).written


@cache
def proof() -> dict[str, Any]:
    place = web_shop()
    place.put_back()
    digest = json.loads(place.survives("history", "--json").out)["entries"][0]["digest"]
    found: dict[str, Any] = json.loads(place.survives("prove", digest).out)
    return found


@SOME
@given(
    st.deferred(lambda: odd.bytes_of([head()])),
    st.deferred(lambda: odd.bytes_of([KEY.sign(b"", "x").armored])),
)
def test_heads(note: bytes, beside: bytes) -> None:
    place = web_shop()
    place.put_back()
    (place.root / "head.txt").write_bytes(note)
    place.survives("head", "add", "head.txt")
    (place.root / "head.txt.sig").write_bytes(beside)
    place.survives("head", "add", "head.txt")
    place.survives("prove", "--since", "head.txt")


@SOME
@given(
    st.deferred(
        lambda: odd.trees(proof(), most=2).map(odd.as_json) | odd.bytes_of([json.dumps(proof()).encode()])
    )
)
def test_proofs(data: bytes) -> None:
    place = web_shop()
    place.put_back()
    (place.root / "proof.json").write_bytes(data)
    place.survives("verify", "proof.json")


@SOME
@given(odd.bytes_of([SIGNERS]))
def test_lists_of_signers(data: bytes) -> None:
    place = web_shop()
    place.put_back()
    (place.root / "proof.json").write_text(json.dumps(proof()), encoding="utf-8")
    (place.root / "signers").write_bytes(data)
    place.survives("verify", "proof.json", "--allowed-signers", "signers")


@SOME
@given(odd.bytes_of([KEY.sign(b"", "workbench.excerpt").armored]))
def test_seals(data: bytes) -> None:
    place = web_shop()
    place.put_back()
    (place.root / "made.excerpt.jsonl").write_bytes(place.survives("excerpt").out)
    (place.root / "made.excerpt.jsonl.sig").write_bytes(data)
    place.survives("gate", "--excerpt", "made.excerpt.jsonl")
