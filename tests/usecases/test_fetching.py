"""Fetching into the record: trust first, secrets nowhere, a person's values with evidence."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from tests import building as build
from tests.sources.support import Answer, Asked, Server, body, vector

from workbench.criteria import Verdict
from workbench.definitions.trust import TrustStore, trust_request
from workbench.model.errors import NotAllowed, NotTrusted, UsageError
from workbench.notes import FORMATS, render
from workbench.releases.model import Outcome, Release
from workbench.usecases import answering, excerpts, fetching, noting, releasing, safekeeping
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_markdown import markdown_report
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.making import judgement_of_gate

TOKEN = "Zq7/+tok~en-8431==xyz"
PROJECT = (
    build.HEAD
    + build.PEOPLE
    + """\
sources:
  - {key: metrics, kind: prometheus, url: "%s", token: "${SHOP_TOKEN}"}
  - {key: broken, kind: prometheus, url: "%s/broken", token: "${SHOP_TOKEN}"}
  - {key: reports, kind: junit, files: "reports/*.xml"}
  - {key: hand, kind: manual}
benchmarks:
  - key: p95
    flow: checkout
    title: Checkout p95
    measure: {source: metrics, query: up_in_$environment, unit: ms}
    pass: within 20%% of baseline
    mode: blocking
  - key: errors
    flow: checkout
    title: Errors
    measure: {source: broken, query: up_in_$environment, unit: "%%"}
    pass: <= 1 %%
    mode: blocking
  - key: survey
    flow: checkout
    title: Survey
    measure: {source: hand, unit: "%%"}
    pass: ">= 90 %%"
    mode: blocking
gates:
  - {key: go, title: Go, requires: [benchmarks: {}, tests_green: reports]}
"""
)
REPORT = f"""<testsuite timestamp="2026-09-15T09:00:00Z"><properties><property name="commit" value="{build.SHA}"/></properties>
<testcase name="a"/></testsuite>"""


def echoing(asked: Asked) -> Answer:
    """A careless server: whatever it was sent comes back, however it may be written."""
    sent = asked.headers.get("authorization", "")
    token = sent.removeprefix("Bearer ")
    forms = [
        sent, token, base64.b64encode(token.encode()).decode(), base64.urlsafe_b64encode(token.encode()).decode(),
        base64.b64encode(f"user:{token}".encode()).decode(), quote(token, safe=""), quote_plus(token),
        json.dumps(token)[1:-1],
    ]  # fmt: skip
    headers = {"X-Echo": token, "Server": f"proxy {token}"}
    if asked.path.startswith("/broken"):
        text = " ".join(forms)
        return (
            400,
            {"Content-Type": "application/json", **headers},
            json.dumps({"status": "error", "errorType": "bad_data", "error": text}).encode(),
        )
    if asked.path.endswith("/buildinfo"):
        return body({"status": "success", "data": {"version": " ".join(forms)}}, **headers)
    status, more, data = vector(({"le": " ".join(forms)}, "120"), at=build.NOW, warnings=forms)
    return status, {**more, **headers}, data


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server(echoing)
    yield found
    found.close()


@pytest.fixture
def shop(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("SHOP_TOKEN", TOKEN)
    with build.shop(tmp_path / "shop", PROJECT % (server.url, server.url)) as context:
        (context.root / "reports").mkdir()
        (context.root / "reports" / "r.xml").write_text(REPORT)
        yield context


def trust(context: Context) -> None:
    TrustStore(context.data_folder).remember(context.root, trust_request(context.definitions))


def test_without_trust_nothing_is_asked(shop: Context, server: Server) -> None:
    with pytest.raises(NotTrusted) as caught:
        fetching.fetch(shop)
    assert caught.value.hint and "workbench trust" in caught.value.hint
    assert server.asked == [] and shop.record.count("batch") == 0


def test_sources_that_are_files_need_no_trust(shop: Context, server: Server) -> None:
    summary = fetching.fetch(shop, fetching.Wanted(sources=("reports",)))
    assert (summary.asked, summary.ok, server.asked) == (1, 1, [])
    part = build.requirement(shop, "go", "tests_green").parts[0]
    assert part.state == "met" and part.why == "1 passed"


def test_a_change_of_what_is_reached_asks_again(shop: Context, server: Server) -> None:
    trust(shop)
    changed = build.rewrite(shop, '/broken"', '/other"')
    fetching.fetch(changed, fetching.Wanted(sources=("metrics",)))
    assert server.asked
    server.asked.clear()
    moved = build.rewrite(changed, "127.0.0.1", "localhost")
    with pytest.raises(NotTrusted):
        fetching.fetch(moved)
    assert server.asked == []


def test_a_secret_is_found_nowhere(shop: Context, server: Server, tmp_path: Path) -> None:
    trust(shop)
    recordings = tmp_path / "recordings"
    notes: list[str] = []
    summary = fetching.fetch(shop, record_to=recordings, progress=lambda *words: notes.append(repr(words)))
    assert (summary.ok, summary.errors) == (3, 1)
    assert {asked.headers.get("authorization") for asked in server.asked} == {f"Bearer {TOKEN}"}
    evaluation = evaluate(shop)
    judgement = judgement_of_gate(evaluation, "go")
    go = judgement.gate("go")
    assert build.verdict(shop, "errors").verdict is Verdict.ERROR
    safekeeping.backup(shop)
    wal = shop.record.path.with_name("record.db-wal")
    assert wal.stat().st_size
    blobs = [shop.record.blob(digest) for (digest,) in shop.record.query("SELECT digest FROM blobs")]
    assert len(blobs) == 2
    texts = {
        "progress": "\n".join(notes).encode(),
        "summary": repr(summary).encode(),
        "document": json.dumps(gate_document(judgement, go)).encode(),
        "text": text_report(judgement, go).encode(),
        "markdown": markdown_report(judgement, go).encode(),
        "excerpt": excerpts.excerpt(shop),
        "evaluation": repr(evaluation).encode(),
        **{f"blob {number}": blob.data for number, blob in enumerate(blobs) if blob},
        **{f"notes {form}": _notes(shop, form) for form in FORMATS},
    }
    files = [
        *shop.root.rglob("*"), *recordings.rglob("*"), *shop.data_folder.rglob("*"),
    ]  # fmt: skip
    texts |= {str(path): path.read_bytes() for path in files if path.is_file()}
    assert any(name.endswith("-wal") for name in texts) and any("backups" in name for name in texts)
    for name, data in texts.items():
        for form in _forms():
            assert form not in data, f"{form!r} in {name}"


def _notes(context: Context, form: str) -> bytes:
    return render(noting.document(context, evaluate(context)), form).encode()


def _forms() -> list[bytes]:
    raw = TOKEN.encode()
    texts = [
        TOKEN, quote(TOKEN, safe=""), quote_plus(TOKEN), base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(), json.dumps(TOKEN)[1:-1],
    ]  # fmt: skip
    # In base64 the token may begin at any of three places.
    for before in (b"", b"x", b"xx"):
        middle = base64.b64encode(before + raw).decode().rstrip("=")[4:-4]
        texts.append(middle)
    return [text.encode() for text in texts]


def test_what_could_not_be_asked_is_kept_as_an_error(shop: Context) -> None:
    trust(shop)
    fetching.fetch(shop)
    found = build.verdict(shop, "errors")
    assert found.verdict is Verdict.ERROR and "•" not in found.why


def test_value_baseline_and_evidence_go_into_the_record(shop: Context) -> None:
    trust(shop)
    fetching.fetch(shop)
    found = build.verdict(shop, "p95")
    assert (found.verdict, found.value.value, found.baseline_value) == (
        Verdict.PASS,
        Decimal(120),
        Decimal(120),
    )
    assert found.value.evidence and shop.record.blob(found.value.evidence[0])
    assert (found.value.environment, found.baseline.environment) == ("staging", "production")


def test_what_was_recorded_can_be_replayed_and_is_marked(
    shop: Context, server: Server, tmp_path: Path
) -> None:
    trust(shop)
    fetching.fetch(shop, fetching.Wanted(sources=("metrics",)), record_to=tmp_path / "r")
    server.asked.clear()
    TrustStore(shop.data_folder).forget(shop.root)
    fetching.fetch(shop, fetching.Wanted(sources=("metrics",)), replay=tmp_path / "r")
    found = build.verdict(shop, "p95")
    assert server.asked == [] and found.value.mark == "replayed" and found.verdict is Verdict.MISSING


def test_cancelling_keeps_what_came(shop: Context, server: Server) -> None:
    trust(shop)
    release, arrived = threading.Event(), threading.Event()

    def slow(asked: Asked) -> Answer:
        if asked.path.startswith("/broken"):
            release.wait(30)
        return echoing(asked)

    def progress(source: str, done: int, total: int, note: str) -> None:
        if source == "metrics" and done == total and note != "p95":
            arrived.set()

    server.answer = slow
    try:
        summary = fetching.fetch(shop, progress=progress, cancelled=arrived.is_set)
    finally:
        release.set()
    assert summary.cancelled and build.verdict(shop, "p95").verdict is Verdict.PASS
    assert build.verdict(shop, "errors").value is None and safekeeping.verify(shop).ok


@pytest.mark.parametrize(
    "wanted",
    [
        fetching.Wanted(sources=("nope",)),
        fetching.Wanted(benchmarks=("nope",)),
        fetching.Wanted(environments=("nope",)),
        fetching.Wanted(benchmarks=("survey",)),
        fetching.Wanted(flows=("nope",)),
    ],
)
def test_what_is_not_there_cannot_be_fetched(shop: Context, wanted: fetching.Wanted) -> None:
    trust(shop)
    with pytest.raises(UsageError):
        fetching.fetch(shop, wanted)


def test_nothing_is_fetched_for_a_release_without_a_build_or_after_its_end(shop: Context) -> None:
    releasing.plan(shop, Release(version="3.0.0"))
    trust(shop)
    three = build.msgspec.structs.replace(shop, release="3.0.0")
    with pytest.raises(UsageError, match="no candidate yet"):
        fetching.fetch(three)
    releasing.end(three, evaluate(three).held, Outcome.ABANDONED, reason="too early")
    with pytest.raises(NotAllowed, match="frozen"):
        fetching.fetch(three)


def entered(context: Context, text: str, link: str = "https://survey.example/7") -> None:
    evidence = answering.evidence_for(context, "benchmark:survey", link=link)
    fetching.enter(context, "survey", text, evidence=evidence)


@pytest.mark.parametrize(("text", "verdict"), [("93 %", "pass"), ("93", "pass"), ("89.9", "fail")])
def test_a_person_types_a_value_with_evidence(shop: Context, text: str, verdict: str) -> None:
    entered(shop, text)
    found = build.verdict(shop, "survey")
    assert found.verdict == verdict and found.value.mark == "manual" and "manual" in found.remarks
    assert shop.record.blob(found.value.evidence[0])


@pytest.mark.parametrize("text", ["", "many", "NaN", "Infinity", "1,5", "9 ms"])
def test_what_is_no_number_is_said(shop: Context, text: str) -> None:
    with pytest.raises(UsageError, match="is not a number"):
        entered(shop, text)
    assert shop.record.count("batch") == 0


def test_a_secret_in_evidence_is_taken_out(shop: Context, tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2c3D4e5" * 4
    file = tmp_path / "log.txt"
    file.write_text(f"token {secret}\n")
    entered(shop, "93", link=f"https://survey.example/7?access_token={secret}")
    subject = "benchmark:survey"
    for more in ({"note": f"with {secret}"}, {"file": file}):
        evidence = answering.evidence_for(shop, subject, **more)
        fetching.enter(shop, "survey", "94", evidence=evidence)
    for (digest,) in shop.record.query("SELECT digest FROM blobs"):
        blob = shop.record.blob(digest)
        assert blob and secret.encode() not in blob.data
    assert secret.encode() not in excerpts.excerpt(shop)
