"""Signing here, by request, and by mail; and what revoking does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.cli.conftest import Type
from tests.ssh import make_key, public_line

from workbench.model.canonical import encode, sha256


@pytest.fixture
def ready(shop: Path, type_in: Type) -> Path:
    """The web shop with everything cleared but the signatures."""
    type_in("release", "candidate", "7c4e19f")
    type_in("fetch")
    type_in(
        "parity", "decide", "payment gateway", "--accept", "--reason", "vendor only", "--until", "2026-12-01"
    )
    type_in("approve", "payment gateway mocked", "--as", "kim")
    type_in("parity", "reviewed")
    for checklist in type_in("checklist", "list", "--json").json["checklists"]:
        for item in checklist["items"]:
            if item["state"] == "open" and not item["answered_by_record"]:
                type_in("checklist", "tick", item["ref"], "--note", "seen")
    type_in("approve", "security-agrees", "--as", "noor")
    assert type_in("gate", "--json").json["gate"] == "sign-off"
    return shop


def test_three_people_three_ways(ready: Path, type_in: Type, tmp_path: Path) -> None:
    said = type_in("sign", "sign-off", "--confirm", "2.14.0", "--comment", "figures read")
    assert "robin as release-owner: approves" in said.out

    asked = type_in("ask", "sam", "sign-off", "--to", tmp_path, "--json").json
    sheet = Path(asked["files"][0])
    mail = tmp_path / "answer.eml"
    mail.write_text(f"From: sam@shop.example\n\nI approve, {asked['code']}\n", encoding="utf-8")
    wrong = ["sign", "--received", mail, "--code", "AAAA-AAAA", "--approve"]
    assert "no sign-off request has the code" in type_in(*wrong, code=2).err
    type_in("sign", "--received", mail, "--code", asked["code"], "--approve")
    assert sheet.read_text(encoding="utf-8").startswith("<!doctype html>")

    request = tmp_path / "for-kim.json"
    type_in("sign", "--request", "kim", "sign-off", "--output", request)
    answered = type_in("--as", "kim", "sign", request, "--confirm", "2.14.0", "--json").json
    type_in("import", answered["files"][0])
    assert "in the record already" in type_in("import", answered["files"][0], code=2).err

    found = type_in("gate", "--json").json
    assert (found["gate"], found["state"]) == ("sign-off", "signed")
    assert {item["person"] for item in found["signoffs"]} == {"robin", "sam", "kim"}
    assert all(item["identity"].startswith("asserted identity") for item in found["signoffs"])
    assert type_in("release", "show", "--json").json["state"] == "signed"

    type_in("revoke", "sign-off", "--reason", "the refund figures were wrong")
    assert type_in("gate", "--json").json["state"] == "ready"


def test_answering_needs_no_project(
    ready: Path, type_in: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in("sign", "--request", "kim", "sign-off", "--output", tmp_path / "request.json")
    monkeypatch.chdir(tmp_path)
    assert "is for kim" in type_in("--as", "sam", "sign", "request.json", "--confirm", "2.14.0", code=2).err
    assert "needs a comment" in type_in("sign", "request.json", "--reject", "--confirm", "2.14.0", code=2).err
    type_in("sign", "request.json", "--conditions", "watch it", "--due", "2026-10-01", "--confirm", "2.14.0")
    monkeypatch.chdir(ready)
    assert "approve with conditions" in type_in("import", tmp_path / "reply-sign-off-kim.json").out


def test_a_request_that_was_changed_is_refused(ready: Path, type_in: Type, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    type_in("sign", "--request", "kim", "sign-off", "--output", request)
    text = request.read_text(encoding="utf-8")
    request.write_text(text.replace('"verdict": "warn"', '"verdict": "pass"', 1), encoding="utf-8")
    assert "changed after it was sent" in type_in("sign", request, "--confirm", "2.14.0", code=2).err


def test_a_reply_stays_in_the_folder_of_its_request(ready: Path, type_in: Type, tmp_path: Path) -> None:
    request = tmp_path / "deep" / "request.json"
    type_in("sign", "--request", "kim", "sign-off", "--output", request)
    found = msgspec.json.decode(request.read_bytes())
    asking, document = found["asking"], found["document"]
    asking["gate"] = document["gate"] = "../../escaped"
    asking["asked"] = document["asked"]["person"] = "/etc/x"
    asking["shown"] = sha256(encode(document))
    request.write_bytes(msgspec.json.encode(found))
    answered = type_in("sign", request, "--confirm", "2.14.0", "--json").json
    assert Path(answered["files"][0]).parent == request.parent


def test_nobody_signs_by_accident(ready: Path, type_in: Type) -> None:
    assert "needs --confirm" in type_in("sign", code=2).err
    assert "is not 2.14.0" in type_in("sign", "--confirm", "2.13.0", code=2).err
    assert "has none of the roles" in type_in("--as", "noor", "sign", "--confirm", "2.14.0", code=2).err
    assert "needs a comment" in type_in("sign", "--reject", "--confirm", "2.14.0", code=2).err
    assert "--due belongs" in type_in("sign", "--due", "2026-10-01", "--confirm", "2.14.0", code=2).err
    assert type_in("gate", "--json").json["signoffs"] == []


def test_a_blocked_gate_is_not_approved(shop: Path, type_in: Type) -> None:
    assert "approve Sign-off yet" in type_in("sign", "sign-off", "--confirm", "2.14.0", code=2).err
    assert "you can't approve Sign-off yet" in type_in("sign", "--confirm", "2.14.0", code=2).err
    assert "needs no signatures" in type_in("sign", "benchmarks", "--confirm", "2.14.0", code=2).err


def test_a_terminal_shows_what_is_signed_and_asks_for_the_version(
    ready: Path, type_in: Type, keyboard: Callable[..., None]
) -> None:
    keyboard("2.13.0")
    assert "nothing was signed" in type_in("sign", code=2).err
    keyboard("2.14.0")
    said = type_in("sign")
    assert "Still to sign" in said.err
    assert "I have read the figures" in said.err
    assert "signed: robin" in said.out
    refused = type_in("sign", code=2).err
    assert "robin already gave this approval of Sign-off" in refused
    assert "still missing: staging owner" in refused and "workbench ask kim" in refused
    keyboard()
    assert "cancelled" in type_in("sign", "--reject", "--comment", "too early", code=130).err


def test_the_sheet_loads_and_runs_nothing(ready: Path, type_in: Type, tmp_path: Path) -> None:
    name = '<script>alert(1)</script>"><img src=http://evil.example/x>'
    type_in("parity", "add", name, "--severity", "high")
    decide = ["--accept", "--reason", name, "--until", "2026-12-01"]
    type_in("parity", "decide", name, *decide)
    type_in("approve", name, "--as", "kim")
    type_in("override", "refund-p95", "--lift", "--reason", "again")
    words = ["override", "refund-p95", "--reason", name, "--approver", "ilse", "--until", "2026-12-01"]
    type_in(*words, *build.ANSWERED)
    type_in("approve", "refund-p95", "--as", "ilse")
    asked = type_in("ask", "sam", "sign-off", "--to", tmp_path, "--json").json
    sheet = Path(asked["files"][0]).read_text(encoding="utf-8")
    assert "default-src 'none'" in sheet
    assert asked["code"] in sheet
    assert not re.search(r"<(script|img|link|iframe|object|form)\b", sheet)
    assert not re.search(r"\b(src|href)\s*=", re.sub(r"&[a-z#0-9]+;", "", sheet.replace("img src=http", "")))


def test_nobody_approves_and_rejects_at_once(ready: Path, type_in: Type) -> None:
    said = type_in("sign", "sign-off", "--approve", "--reject", "--confirm", "2.14.0", code=2)
    assert "--approve and --reject contradict each other" in said.err
    assert type_in("gate", "--json").json["signoffs"] == []


def test_a_second_answer_says_that_it_replaces_the_first(
    ready: Path, type_in: Type, keyboard: Callable[..., None]
) -> None:
    type_in("sign", "sign-off", "--reject", "--comment", "too early", "--confirm", "2.14.0")
    refused = type_in("sign", "sign-off", "--confirm", "2.14.0", code=2).err
    assert (
        "your rejection of Sign-off, Tue 15 Sep 2026 12:00 CEST, stands" in refused and "--replace" in refused
    )
    type_in("sign", "sign-off", "--confirm", "2.14.0", "--replace")
    assert "conditions need --due" in type_in("sign", "sign-off", "--conditions", "watch it", code=2).err
    keyboard("2.14.0")
    said = type_in("sign", "sign-off", "--conditions", "watch it", "--due", "2026-10-01").err
    assert "Replaces" in said and "your approval of Sign-off" in said
    decisions = [item["decision"] for item in type_in("gate", "sign-off", "--json").json["signoffs"]]
    assert decisions == ["reject", "approve", "approve_with_conditions"]
    assert "current, on condition by 1 Oct: watch it" in type_in("gate", "sign-off", code=None).out
    (*_, last) = type_in("gate", "sign-off", "--json").json["signoffs"]
    assert last["conditions"] == "watch it" and last["conditions_due"].startswith("2026-10-0")


def test_a_gate_is_sent_back_and_the_no_dismissed(ready: Path, type_in: Type) -> None:
    back = ["sign", "sign-off", "--send-back", "the retry test"]
    assert "no person “joe”" in type_in(*back, "--from", "joe", "--confirm", "2.14.0", code=2).err
    assert (
        "--from belongs to" in type_in("sign", "sign-off", "--from", "jo", "--confirm", "2.14.0", code=2).err
    )
    assert "contradict" in type_in(*back, "--reject", "--confirm", "2.14.0", code=2).err
    type_in(*back, "--from", "jo", "--confirm", "2.14.0")
    assert "sent back by robin: needs the retry test, from jo" in type_in("gate", code=1).out
    dismiss = ["sign", "sign-off", "--dismiss", "robin", "--reason", "it ran again at noon"]
    assert "your own answer" in type_in(*dismiss, code=2).err
    assert "only another release-owner" in type_in("--as", "kim", *dismiss, code=2).err
    assert "no answer of your own" in type_in("--as", "mika", *dismiss, "--approve", code=2).err
    type_in("--as", "mika", *dismiss)
    assert "dismissed by mika: it ran again at noon" in type_in("gate").out
    assert "dismissed by mika: it ran again at noon" in type_in("notes", "--format", "txt").out
    assert "dismissed" in type_in("history").out


def test_somebody_elsewhere_sends_it_back(ready: Path, type_in: Type, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    type_in("sign", "--request", "kim", "sign-off", "--output", request)
    back = ["--send-back", "the retry test", "--from", "the network team"]
    answered = type_in("sign", request, *back, "--confirm", "2.14.0", "--json").json
    type_in("import", answered["files"][0])
    assert "sent back by kim: needs the retry test, from the network team" in type_in("gate", code=1).out


@pytest.mark.parametrize("text", ["[" * 100_000, '{"schema": "workbench.reply.1", "code": "x"}'])
def test_a_reply_that_cannot_be_read_is_refused_in_words(
    ready: Path, type_in: Type, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "reply.json"
    path.write_text(text, encoding="utf-8")
    assert "answer to a request" in type_in("import", path, code=2).err or "workbench.reply.1" in text


def test_a_message_that_says_otherwise_is_asked_about(ready: Path, type_in: Type, tmp_path: Path) -> None:
    code = type_in("ask", "sam", "sign-off", "--to", tmp_path, "--json").json["code"]
    mail = tmp_path / "answer.txt"
    mail.write_bytes(f"I REJECT this. {code}".encode("utf-16"))
    enter = ["sign", "--received", mail, "--code", code]
    assert "the message says “reject”" in type_in(*enter, "--approve", code=2).err
    type_in(*enter, "--reject", "--comment", "as the mail says")
    assert "rejected by sam" in type_in("gate", code=1).out


def test_a_key_signs_here_and_elsewhere(ready: Path, type_in: Type, tmp_path: Path) -> None:
    robin, kim = make_key(tmp_path, "robin"), make_key(tmp_path, "kim")
    file = ready / "workbench.yaml"
    text = file.read_text(encoding="utf-8")
    for name, key in (("robin", robin), ("kim", kim)):
        text = text.replace(f"{{key: {name},", f'{{key: {name}, keys: [{{key: "{public_line(key)}"}}],', 1)
    text = text.replace(
        "    sign:\n      roles:\n", "    sign:\n      require_signature: true\n      roles:\n", 1
    )
    file.write_text(text, encoding="utf-8")
    refused = type_in("sign", "sign-off", "--confirm", "2.14.0", code=2).err
    assert "asks for the signature of a key" in refused and "--ssh-key" in refused
    assert (
        "is the key of kim"
        in type_in("sign", "sign-off", "--confirm", "2.14.0", "--ssh-key", kim, code=2).err
    )
    said = type_in("sign", "sign-off", "--confirm", "2.14.0", "--ssh-key", robin, "--json")
    assert said.json["key"].startswith("SHA256:")
    assert "signing with SHA256:" in said.err
    request = tmp_path / "for-kim.json"
    type_in("sign", "--request", "kim", "sign-off", "--output", request, "--ssh-key", robin)
    answered = type_in("--as", "kim", "sign", request, "--confirm", "2.14.0", "--ssh-key", kim, "--json").json
    assert type_in("import", answered["files"][0], "--json").json["key"].startswith("SHA256:")
    identities = {item["person"]: item["identity"] for item in type_in("gate", "--json").json["signoffs"]}
    assert identities["robin"].endswith("of robin") and identities["kim"].endswith("of kim")
    allowed = type_in("export", "signers").out
    assert allowed.startswith('robin namespaces="workbench.*" ssh-ed25519 ')


def test_heads_and_proofs_are_typed(ready: Path, type_in: Type, tmp_path: Path) -> None:
    robin, head, proof = make_key(tmp_path, "robin"), tmp_path / "head.txt", tmp_path / "proof.json"
    file = ready / "workbench.yaml"
    text = file.read_text(encoding="utf-8")
    line = f'{{key: robin, keys: [{{key: "{public_line(robin)}"}}],'
    file.write_text(text.replace("{key: robin,", line, 1), encoding="utf-8")
    type_in("sign", "sign-off", "--confirm", "2.14.0")
    shown = type_in("head").out
    type_in("head", "--to", head)
    assert head.read_text() == shown
    assert "nobody signed it" in type_in("head", "add", head, code=2).err
    type_in("head", "cosign", head, "--ssh-key", robin)
    assert "— robin " in head.read_text()
    assert "signed by robin" in type_in("head", "add", head).out
    assert "held at " in type_in("head").out
    assert "and with 1 head signed by robin" in type_in("verify").out
    type_in("prove", "sign-off/robin", "--to", proof)
    assert "the head is signed by robin" in type_in("verify", proof).out
    assert type_in("verify", proof, "--head", head, "--json").json["known"] is True
    type_in("prove", "sign-off/robin", "--digest-only", "--to", proof)
    assert "robin" not in proof.read_text().replace("— robin", "")
    proof.write_text(proof.read_text().replace('"index":', '"index":1'), encoding="utf-8")
    assert "NOT proven" in type_in("verify", proof, code=4).out
    type_in("prove", "--since", head, "--to", proof)
    assert "continues the one with" in type_in("verify", proof, code=1).out
    for words in (
        ("prove",),
        ("prove", "x", "--since", head),
        ("verify", tmp_path / "none"),
        ("verify", "--head", head),
    ):
        assert type_in(*words, code=2).err
