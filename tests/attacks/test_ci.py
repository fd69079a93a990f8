"""Attacks on what CI asks and is told: reports that say more than was judged, and notes that say what never was."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import junitparser
import msgspec
import pytest
from tests import building as build
from tests.ssh import make_key, person, public_line
from tests.usecases.reporting.formats import said
from tests.usecases.reporting.states import signed

from workbench.model.errors import UsageError
from workbench.model.times import Clock
from workbench.signoff.ssh_signatures import Namespace, Refusal, check, signers_of
from workbench.usecases import deciding
from workbench.usecases.askings import bring, judged_here, note_of
from workbench.usecases.attesting.dsse import read_envelope
from workbench.usecases.attesting.in_toto import attestations
from workbench.usecases.attesting.of_gate import attest, attested, signer
from workbench.usecases.auditing.as_csv import csv_text
from workbench.usecases.auditing.as_text import html
from workbench.usecases.auditing.reading import read_audit
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.as_github import commands, log
from workbench.usecases.reporting.as_gitlab import log as gitlab_log
from workbench.usecases.reporting.as_junit import junit
from workbench.usecases.reporting.as_sarif import sarif
from workbench.usecases.reporting.commit_asked import require_commit
from workbench.usecases.reporting.forms import FORMS, written


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def titled(folder: Path, title: str) -> str:
    return build.SHOP.replace("title: Checkout p95", f"title: {json.dumps(title)}")


def test_a_title_becomes_a_command_of_the_runner(tmp_path: Path) -> None:
    """The title of a benchmark holds a line break and a workflow command, which the runner of the job would obey.

    Line breaks and control codes become blanks and dots, what a runner takes for a command is broken, and what stands in an annotation is escaped.
    """
    title = "p95\r\n::add-mask::x\n::error file=a::forged ##vso[task.complete]\x1b[0K\nsection_end:1:x"
    with build.shop(tmp_path / "shop", titled(tmp_path, title)) as shop:
        build.figures(shop, p95="0.9")
        found = said(shop)
        for text in (log(found), gitlab_log(found, sections=True), *(written(form, found) for form in FORMS)):
            starts = [line.lstrip() for line in text.splitlines()]
            assert not any(
                line.startswith(("::add-mask", "::error file=a", "section_end:1:x")) for line in starts
            )
            assert "##vso[" not in text
        form = re.compile(r"::(?:error|warning|notice) (?:file=[^,:]+,line=\d+,)?title=[^,:]*::.*")
        assert all(form.fullmatch(line) for line in commands(found))


def test_a_title_closes_the_test_case_that_failed(tmp_path: Path) -> None:
    """A title closes the failure and the test case in the XML, adds a passed one, or breaks the file with control characters.

    Every text is escaped and freed of what XML forbids: the file parses, and holds as many cases and failures as there were.
    """
    title = 'p95"/></testcase><testcase name="fine"/><testcase name="\x00\x0b]]>\ud83d\ufffe&bogus;'
    title = title.encode("utf-8", "ignore").decode()
    with build.shop(tmp_path / "shop", titled(tmp_path, title.replace("\x00", "\\0"))) as shop:
        build.figures(shop, p95="0.9")
        found = said(shop)
        (suite,) = junitparser.JUnitXml.fromstring(junit(found).encode())
        assert len(list(suite)) == len(found.checks)
        assert sum(bool(case.result) and case.result[0].type == "blocked" for case in suite) == 1


def test_a_title_makes_a_link_in_a_code_scanning_alert(tmp_path: Path) -> None:
    """A title or a reason reads as a link or a placeholder where a service shows the alerts of a SARIF file.

    Brackets and placeholders are escaped as the format says, and rules hold words of the workbench alone.
    """
    with build.shop(
        tmp_path / "shop", titled(tmp_path, "[fixed, see here](https://evil.example) {0}")
    ) as shop:
        build.figures(shop, p95="0.9")
        (run,) = sarif(said(shop))["runs"]
        told = [one["message"]["text"] for one in run["results"]]
        assert any("\\[fixed, see here\\](https" in text and "{{0}}" in text for text in told)
        assert "evil" not in json.dumps(run["tool"])


def test_a_reason_is_a_formula_or_a_script_for_the_auditor(shop: Context) -> None:
    """The reason for a freeze is a spreadsheet's formula and a script, for whoever opens the audit.

    Cells that could be formulas get an apostrophe; the page escapes every text and forbids scripts.
    """
    deciding.freeze(shop, '=HYPERLINK("https://evil.example","open") <script>alert(1)</script>')
    audit = read_audit(shop, shop.now - timedelta(days=1), shop.now + timedelta(days=1))
    cells = [cell for row in csv.reader(io.StringIO(csv_text(audit))) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    page = html(audit)
    assert "<script" not in page and "default-src 'none'" in page


def test_the_gate_of_another_build_is_taken_for_this_one(shop: Context) -> None:
    """A job deploys one commit and asks the gate that passed for another one, as advice only.

    With --commit the gate of another candidate is an error, also with --advisory, and nothing is printed or written; fewer than seven characters name no commit.
    """
    signed(shop)
    found = said(shop, "go").found
    require_commit(found, build.SHA)
    for commit in ("deadbeef" * 5, build.SHA[:6], "", "main", build.SHA[:-1] + "g"):
        with pytest.raises(UsageError):
            require_commit(found, commit)


def test_an_advisory_report_is_taken_for_a_pass(shop: Context) -> None:
    """A blocked gate is asked with --advisory, which ends with 0, and the report is shown as a pass.

    Every format says that it was advisory, failures stay failures in it, and the note that comes home says that the job went on anyway.
    """
    build.figures(shop, p95="0.9")
    found = said(shop, advisory=True)
    for form in FORMS:
        assert "advisory" in written(form, found)
    (suite,) = junitparser.JUnitXml.fromstring(junit(found).encode())
    assert suite.failures
    assert bring(shop, note_of(shop, found, judged_here(shop), {}), "note").asking.went_on
    (_, summary, result, _) = (json.loads(item.data) for item in attestations(attested(shop, found, {})))
    assert summary["predicate"]["verificationResult"] == "FAILED"
    assert result["predicate"]["result"] == "FAILED"


def test_what_nobody_could_be_asked_counts_as_passed(shop: Context) -> None:
    """A source is switched off so that its benchmark has no value, and a report without that line looks green.

    What could not be asked is an error in every format: never passed, skipped or left out.
    """
    build.figures(shop)
    build.measured(shop, "errors", None, state="error", why="connection refused")
    found = said(shop)
    (suite,) = junitparser.JUnitXml.fromstring(junit(found).encode())
    assert suite.errors == 1
    (run,) = sarif(found)["runs"]
    assert [one["level"] for one in run["results"] if one["properties"]["outcome"] == "error"] == ["error"]
    result = json.loads(attestations(attested(shop, found, {}))[2].data)["predicate"]
    assert result["failedTests"] == ["benchmark/errors"] and "benchmark/errors" not in result["passedTests"]


def test_a_note_of_a_pass_that_never_was(shop: Context) -> None:
    """Somebody writes a note by hand: the gate passed, judged from a head of the ledger that never was.

    A note is held against the record each time it is shown: an unknown head, another record, a build that was never a candidate, a contradiction are each named.
    """
    told = json.loads(note_of(shop, said(shop), judged_here(shop), {}))
    told |= {"state": "signed", "exit_code": 0, "candidate": "deadbeef" * 5}
    told["judged_from"]["digest"] = "f" * 64
    doubts = " ".join(bring(shop, json.dumps(told).encode(), "note").doubts)
    assert "unknown here" in doubts and "never a candidate" in doubts


def test_an_old_pass_is_shown_for_today(shop: Context) -> None:
    """A job judges from an excerpt of last week, in which the gate still passed, or claims to have asked before that was recorded.

    The note names the entry that it was judged up to: entries recorded since make it stale, and an asking from before its own head is marked.
    """
    told = json.loads(note_of(shop, said(shop), judged_here(shop), {}))
    deciding.freeze(shop, "the bank closes its books")
    told["asked_at"] = (shop.now + timedelta(minutes=1)).isoformat()
    assert "stale" in " ".join(bring(shop, json.dumps(told).encode(), "note").doubts)
    told["asked_at"] = (shop.now - timedelta(days=9)).isoformat()
    assert "asked before" in " ".join(bring(shop, json.dumps(told).encode(), "note").doubts)


def test_a_gate_is_attested_for_a_moment_in_the_past(shop: Context) -> None:
    """The gate passed last week, so it is judged with --now set to then, and that is attested and noted as today's answer.

    Attestations and notes are of the present alone: from another moment both are refused.
    """
    signed(shop)
    past = msgspec.structs.replace(shop, clock=Clock(fixed=shop.now, real=lambda: shop.now))
    with pytest.raises(UsageError, match="as it stands now"):
        attest(past, said(past, "go"), {})
    with pytest.raises(UsageError, match="asked now"):
        note_of(past, said(past, "go"), judged_here(past), {})


def test_a_signature_over_something_else_is_put_under_an_attestation(shop: Context, tmp_path: Path) -> None:
    """The signature of a statement, or of another gate's attestation, is put into an envelope with a payload that says passed.

    A signature is over the payload's own bytes with their type and length, in a namespace of its own: each of these is refused, by its name.
    """
    build.figures(shop, p95="0.9")
    key = make_key(tmp_path)
    signers = signers_of([person("kim", public_line(key))])
    at = shop.now
    (document, *_) = attestations(attested(shop, said(shop), {}), signer(str(key), tmp_path))
    envelope = read_envelope(document.data)
    ((_, armored),) = envelope.signatures
    assert check(signers, envelope.signed, armored, Namespace.DSSE, at).holds
    forged = msgspec.structs.replace(envelope, payload=envelope.payload.replace(b"blocked", b"signed"))
    assert forged.payload != envelope.payload
    assert check(signers, forged.signed, armored, Namespace.DSSE, at).refusal is not None
    assert check(signers, envelope.signed, armored, Namespace.STATEMENT, at).refusal is Refusal.NAMESPACE


def test_the_tokens_of_a_job_come_along_with_its_note(shop: Context) -> None:
    """A job's variables hold tokens, some in addresses or where a name should stand, and notes are committed where many read them.

    Only the variables that name the job are read; addresses lose user, password and query, and what looks like a secret is taken out.
    """
    token = "ghp_" + "a1" * 18
    environ = {
        "GITLAB_CI": "true", "CI_JOB_TOKEN": token, "GITLAB_USER_LOGIN": token,
        "CI_JOB_URL": f"https://gitlab-ci-token:{token}@git.example/jobs/7?private_token={token}",
    }  # fmt: skip
    note = note_of(shop, said(shop), judged_here(shop), environ)
    assert b"private_token" not in note and b"gitlab-ci-token" not in note
    found = bring(shop, note, "note").asking
    assert found.ask.url == "https://git.example/jobs/7"
    assert token not in found.ask.who
    assert all(token.encode() not in line for line in shop.record.ledger_lines())


def test_an_exception_is_counted_as_passed_for_an_auditor(shop: Context) -> None:
    """A failing line is overridden, and reports to others show the gate without a trace of that.

    An exception is skipped, suppressed or a warning in every format, with both names, the reason and the end; a control that rests on it has a gap.
    """
    build.figures(shop, errors="1.5")
    until = shop.now + timedelta(days=2)
    build.override(shop, evaluate(shop), "errors", reason="known to everybody", approver="robin", until=until)
    found = said(shop)
    assert 'message="excepted: overridden until' in junit(found)
    (suppressed,) = [one for one in sarif(found)["runs"][0]["results"] if "suppressions" in one]
    words = suppressed["suppressions"][0]["justification"]
    assert "kim" in words and "robin" in words and "known to everybody" in words
    result = json.loads(attestations(attested(shop, found, {}))[2].data)["predicate"]
    assert "benchmark/errors" in result["warnedTests"]
