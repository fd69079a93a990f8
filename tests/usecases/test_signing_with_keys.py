"""Statements that a key signs: what is kept, how it is judged each time, and what makes it count no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.building import clear, gate, sign, signature, who
from tests.ssh import keygen_verifies, make_key, public_line

from workbench.gates.approvals import Approval
from workbench.model.errors import NotAllowed, UsageError
from workbench.signoff.holding import Currency
from workbench.signoff.keyed import KeySignature
from workbench.signoff.model import Decision, SignOff
from workbench.signoff.ssh_signatures import Namespace, allowed_signers
from workbench.signoff.statement import Act, read_statement
from workbench.usecases import requests, signing_elsewhere, signing_later
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.signing import Answer
from workbench.usecases.ssh_signing import SigningKey, sign_bytes, with_key

ROBIN = "{key: robin, name: Robin, roles: [release-owner, staging-owner]}"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return make_key(tmp_path, "robin")


@pytest.fixture
def shop(tmp_path: Path, key: Path) -> Iterator[Context]:
    """Everything is met but the signatures; robin has a key."""
    text = build.SHOP.replace(ROBIN, listed(key))
    with build.shop(tmp_path / "shop", text) as context:
        clear(context)
        yield context


def listed(key: Path, more: str = "") -> str:
    return ROBIN[:-1] + f', keys: [{{key: "{public_line(key)}"{more}}}]}}'


def with_robins(context: Context, key: Path) -> Context:
    return with_key(who(context, "robin"), str(key), asks=False)


def last(context: Context) -> SignOff:
    found: SignOff = signature(context, "benchmarks").signoff
    return found


def test_a_signature_of_a_key_is_kept_beside_the_statement_and_holds(
    shop: Context, key: Path, tmp_path: Path
) -> None:
    sign(with_robins(shop, key), "benchmarks", "robin")
    value, view = last(shop), signature(shop, "benchmarks")
    said, made = shop.record.blob(value.statement), shop.record.blob(value.signature)
    assert said is not None and made is not None
    people = shop.definitions.project.people
    assert keygen_verifies(
        tmp_path, allowed_signers(people), "robin", Namespace.STATEMENT.value, said.data, made.data
    )
    assert view.identity == f"signed with {value.key} of robin"
    assert view.counts
    head = read_statement(said.data).checkpoint
    assert head is not None and shop.record.checkpoint(head.size) == head


def test_every_report_says_how_it_is_known_who_signed(shop: Context, key: Path) -> None:
    sign(with_robins(shop, key), "benchmarks", "robin")
    sign(shop, "go", "kim")
    for name, words in (("benchmarks", "; signed with SHA256:"), ("go", "; asserted identity")):
        evaluation = evaluate(shop)
        found = judgement_of_gate(evaluation, name)
        assert words in text_report(found, found.gate(name))
        (said,) = gate_document(found, found.gate(name))["signoffs"]
        assert said["identity"].startswith(words[2:])
        assert said["key"].startswith("SHA256:" if name == "benchmarks" else "")


def test_a_gate_that_asks_for_a_key_takes_no_asserted_answer(shop: Context, key: Path) -> None:
    strict = build.rewrite(
        shop,
        "sign: {roles: [{role: staging-owner}]}",
        "sign: {roles: [{role: staging-owner}], require_signature: true}",
    )
    sign(strict, "benchmarks", "robin")
    view = signature(strict, "benchmarks")
    assert (view.currency, view.counts) == (Currency.UNSIGNED, False)
    assert "asks for the signature of a key" in view.why
    added = signing_later.add_signature(with_robins(strict, key), evaluate(strict), "benchmarks")
    assert added.key.startswith("SHA256:")
    view = signature(strict, "benchmarks")
    assert (view.currency, view.checked.person) == (Currency.CURRENT, "robin")
    with pytest.raises(UsageError, match="signed already"):
        signing_later.add_signature(with_robins(strict, key), evaluate(strict), "benchmarks")


def test_a_key_that_the_project_does_not_list_signs_nothing(shop: Context, key: Path, tmp_path: Path) -> None:
    other = make_key(tmp_path, "other")
    with pytest.raises(NotAllowed, match="is not among the keys of robin") as caught:
        with_robins(shop, other)
    assert 'keys: [{key: "ssh-ed25519 ' in str(caught.value.hint)
    with pytest.raises(NotAllowed, match="is the key of robin, not of sam"):
        with_key(who(shop, "sam"), str(key))
    # The .pub beside it may be another one: what was signed decides.
    (tmp_path / "other.pub").write_text(public_line(key) + "\n")
    head = shop.record.head
    with pytest.raises(NotAllowed):
        sign(with_robins(shop, other), "benchmarks", "robin")
    assert shop.record.head == head


def test_approvals_and_shipping_are_signed_as_well(shop: Context, key: Path) -> None:
    from workbench.usecases import approving, shipping

    build.figures(shop, p95="9")
    build.propose_override(
        shop,
        evaluate(shop),
        "p95",
        reason="known and watched",
        approver="robin",
        until=shop.now + timedelta(days=3),
    )
    signed = with_robins(shop, key)
    approving.approve(signed, evaluate(signed), "p95")
    shipping.ship(signed, "2.0.0", reason="the gates are asked for later, agreed on call")
    found = [row.decode(KeySignature) for row in shop.record.all("signature")]
    assert sorted(item.act for item in found) == sorted([Act.APPROVE, Act.SHIP])
    approval = shop.record.all("approval")[-1].decode(Approval)
    assert approval.statement in {item.statement for item in found}
    for item in found:
        assert shop.record.blob(item.signature) is not None


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"gate": "go"}, "another gate"),
        ({"decision": Decision.CONDITIONS}, "another decision"),
        ({"commit": build.SHA_2}, "another build"),
        ({"comment": "nothing"}, "another comment"),
        ({"basis": "0" * 64}, "another basis"),
    ],
)
def test_a_signed_statement_counts_for_nothing_else(
    shop: Context, key: Path, field: dict[str, object], words: str
) -> None:
    from workbench.signoff.keyed import Keyring

    sign(with_robins(shop, key), "benchmarks", "robin", comment="read")
    view = signature(shop, "benchmarks")
    ring = Keyring(shop.record, shop.definitions.project.people, "2.0.0")
    assert ring.of(view.stored, view.signoff).holds
    other = msgspec.structs.replace(view.signoff, **field)
    found = Keyring(shop.record, shop.definitions.project.people, "2.0.0").of(view.stored, other)
    assert words in found.problem
    elsewhere = Keyring(shop.record, shop.definitions.project.people, "2.0.1").of(view.stored, view.signoff)
    assert "another release" in elsewhere.problem


def test_a_key_that_was_taken_from_the_list_or_revoked_counts_no_more(shop: Context, key: Path) -> None:
    sign(with_robins(shop, key), "benchmarks", "robin")
    revoked = build.rewrite(shop, listed(key), listed(key, ", revoked: 2026-09-01"))
    view = signature(revoked, "benchmarks")
    assert (view.currency, view.counts) == (Currency.UNPROVEN, False)
    assert "the key of robin was revoked on 2026-09-01" in view.why
    assert view.identity.startswith("asserted identity: the signature does not hold")
    gone = build.rewrite(revoked, listed(key, ", revoked: 2026-09-01"), ROBIN)
    assert "nobody's key" in signature(gone, "benchmarks").why


def test_an_answer_from_elsewhere_brings_its_signature(shop: Context, key: Path, tmp_path: Path) -> None:
    request = signing_elsewhere.ask(shop, evaluate(shop), "benchmarks", "robin")

    def signs(data: bytes) -> str:
        return sign_bytes(data, SigningKey(key), Namespace.STATEMENT, asks=False).armored.decode()

    answer = Answer(decision=Decision.APPROVE)
    reply = requests.reply(request, answer, identity="by hand", at=shop.now, signs=signs)
    other = make_key(tmp_path, "other")
    wrong = msgspec.structs.replace(
        reply,
        signature=sign_bytes(
            reply.statement.blob().data, other, Namespace.STATEMENT, asks=False
        ).armored.decode(),
    )
    for bad, words in (
        (wrong, "nobody's key"),
        (msgspec.structs.replace(reply, signature="nonsense"), "no signature of an SSH key"),
    ):
        with pytest.raises(NotAllowed, match=words):
            signing_elsewhere.take_in_reply(shop, evaluate(shop), msgspec.json.encode(bad))
    early = requests.reply(request, answer, identity="", at=shop.now - timedelta(days=1), signs=signs)
    with pytest.raises(NotAllowed, match="back-dated"):
        signing_elsewhere.take_in_reply(shop, evaluate(shop), msgspec.json.encode(early))
    signing_elsewhere.take_in_reply(shop, evaluate(shop), msgspec.json.encode(reply))
    assert signature(shop, "benchmarks").identity == f"signed with {last(shop).key} of robin"
    assert gate(shop, "benchmarks").through


def test_no_arithmetic_is_loaded_where_nobody_signed_with_a_key(shop: Context) -> None:
    import subprocess
    import sys

    sign(shop, "benchmarks", "robin")
    program = (
        "import sys; from workbench.cli import run;"
        f"run(['--project', {str(shop.root)!r}, 'gate', 'benchmarks', '--advisory']);"
        "sys.exit('cryptography' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
