"""Attestations of a gate: read by in-toto's own library, signed by real keys, passed only where all is passed."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cyclonedx.schema
import google.protobuf.json_format as protobuf
import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.predicates.vsa.v1 import vsa_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from referencing import Registry, Resource
from tests import building as build
from tests.ssh import keygen_verifies, make_key, person, public_line
from tests.usecases.reporting.formats import said
from tests.usecases.reporting.states import STATES, blocked, overridden, signed

from workbench.model.errors import UsageError
from workbench.model.times import to_text
from workbench.releases.model import Artifact
from workbench.signoff.ssh_signatures import Namespace, allowed_signers, check, signers_of
from workbench.usecases import shipping
from workbench.usecases.attesting.dsse import pae, read_envelope
from workbench.usecases.attesting.in_toto import GATE_REPORT, attestations
from workbench.usecases.attesting.of_gate import attest, attested, signer
from workbench.usecases.attesting.shapes import Attested, Descriptor
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.checks import Outcome, checked
from workbench.usecases.reporting.showing import shown_gate

State = Callable[[Context], None]
AT = datetime(2026, 9, 15, 10, tzinfo=UTC)
POLICY = Descriptor(sha256="a" * 64, name="definitions")
BINARY = Artifact("shop.tar.gz", "sha256:" + "b" * 64)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def of(context: Context, gate: str = "go", *artifacts: Artifact) -> Attested:
    return Attested(said=said(context, gate), artifacts=artifacts, policy=POLICY, made_at=AT)


def documents(made: Attested) -> list[dict[str, Any]]:
    return [json.loads(item.data) for item in attestations(made)]


@pytest.mark.parametrize("state", STATES, ids=lambda each: each.__name__)
def test_in_totos_own_library_reads_all_three(shop: Context, state: State) -> None:
    state(shop)
    for gate in ("benchmarks", "ready", "go"):
        report, summary, result, *_ = documents(of(shop, gate, BINARY))
        for document in documents(of(shop, gate, BINARY)):
            read = protobuf.ParseDict(document, statement_pb2.Statement())
            Statement.copy_from_pb(read).validate()
        assert report["predicateType"] == GATE_REPORT
        # The specification says a list of levels, the library's shape has one: the rest is read by it.
        predicate = dict(summary["predicate"])
        assert all(isinstance(level, str) for level in predicate.pop("verifiedLevels"))
        vsa = protobuf.ParseDict(predicate, vsa_pb2.VerificationSummary())
        assert vsa.verification_result == ("PASSED" if said(shop, gate).gate.through else "FAILED")
        tests = protobuf.ParseDict(result["predicate"], test_result_pb2.TestResult())
        assert tests.result in ("PASSED", "WARNED", "FAILED")
        assert (tests.result == "FAILED") == said(shop, gate).blocked
        assert not set(tests.passed_tests) & {*tests.failed_tests, *tests.warned_tests}


def test_only_a_gate_that_passed_whole_is_verified(shop: Context) -> None:
    build.clear(shop)
    _, waiting, warned, _ = documents(of(shop, "benchmarks"))
    assert waiting["predicate"]["verificationResult"] == "FAILED"  # ready, and not signed yet
    assert waiting["predicate"]["verifiedLevels"] == ["FAILED"]
    assert warned["predicate"]["result"] == "WARNED"


def test_a_signed_gate_is_verified_and_advisory_changes_nothing(shop: Context) -> None:
    signed(shop)
    report, summary, result, *_ = documents(of(shop))
    assert summary["predicate"]["verificationResult"] == "PASSED"
    assert summary["predicate"]["verifiedLevels"] == ["WORKBENCH_GATE_GO"]
    assert not any(level.startswith("SLSA_") for level in summary["predicate"]["verifiedLevels"])
    assert result["predicate"]["result"] == "PASSED"
    assert [item["person"] for item in report["predicate"]["signatures"]] == ["kim", "sam"]


def test_neither_a_demonstration_nor_an_excerpt_that_nobody_signed_is_verified(shop: Context) -> None:
    signed(shop)
    for change in ({"demonstration": AT}, {"unsealed": True}):
        made = of(shop)
        found = msgspec.structs.replace(made.said.found, **change)
        made = msgspec.structs.replace(made, said=msgspec.structs.replace(made.said, found=found))
        _, summary, result, bom = documents(made)
        assert summary["predicate"]["verificationResult"] == "FAILED"
        assert result["predicate"]["result"] == "WARNED"
        (attestation,) = bom["predicate"]["declarations"]["attestations"]
        assert {line["conformance"]["score"] for line in attestation["map"]} == {0}
        assert all("judged from" in line["conformance"]["rationale"] for line in attestation["map"])


def test_an_exception_is_told_with_who_and_until_when_and_is_no_pass(shop: Context) -> None:
    overridden(shop)
    report, _, result, _ = documents(of(shop, "benchmarks"))
    (told,) = [item["exception"] for item in report["predicate"]["checks"] if "exception" in item]
    assert (told["approver"], told["reason"]) == ("robin", "known to everybody")
    assert result["predicate"]["warnedTests"][0] == "benchmark/errors"


def test_it_is_about_the_artifacts_else_the_commit_and_tests_are_about_the_commit(shop: Context) -> None:
    report, _, result, _ = documents(
        of(shop, "go", BINARY, Artifact("odd", "md5:1"), Artifact("bare", "c" * 64))
    )
    assert [item["digest"] for item in report["subject"]] == [{"sha256": "b" * 64}, {"sha256": "c" * 64}]
    assert [item["digest"] for item in result["subject"]] == [{"gitCommit": build.SHA}]
    report, *_ = documents(of(shop))
    assert [item["digest"] for item in report["subject"]] == [{"gitCommit": build.SHA}]


def test_nothing_is_attested_of_a_build_that_cannot_be_named(shop: Context) -> None:
    build.proposed(shop, 2, commit="abc1234")
    with pytest.raises(UsageError, match="nothing can be attested"):
        attestations(of(shop))


def test_a_signed_envelope_is_checked_by_ssh_keygen_and_by_us(shop: Context, tmp_path: Path) -> None:
    signed(shop)
    key = make_key(tmp_path)
    kim = person("kim", public_line(key))
    kim_signs = signers_of([kim])
    for document in attestations(of(shop), signer(str(key), tmp_path)):
        envelope = json.loads(document.data)
        assert envelope["payloadType"] == "application/vnd.in-toto+json"
        payload = base64.b64decode(envelope["payload"])
        ((keyid, armored),) = read_envelope(document.data).signatures
        told = subprocess.run(
            ["ssh-keygen", "-lf", f"{key}.pub"], check=True, capture_output=True, text=True
        ).stdout
        assert keyid in told
        assert keygen_verifies(
            tmp_path, allowed_signers([kim]), "kim", "workbench.dsse", pae(payload), armored
        )
        assert check(kim_signs, pae(payload), armored, Namespace.DSSE, AT).person == "kim"
        changed = payload.replace(b'"gitCommit":"', b'"gitCommit":"0', 1)
        assert changed != payload
        assert not check(kim_signs, pae(changed), armored, Namespace.DSSE, AT).holds
        assert not check(kim_signs, payload, armored, Namespace.DSSE, AT).holds
        assert not check(kim_signs, pae(payload), armored, Namespace.STATEMENT, AT).holds


def test_the_same_gate_gives_the_same_statements_and_another_moment_none(shop: Context) -> None:
    blocked(shop)
    assert attestations(of(shop)) == attestations(of(shop))
    made = attested(shop, said(shop), {"CI": "true"})
    assert made.policy.sha256 == shop.definitions.digest
    from workbench.model.times import Clock

    past = msgspec.structs.replace(shop, clock=Clock(fixed=AT))
    with pytest.raises(UsageError, match="as it stands now"):
        attest(past, said(past), {})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"payload":"!","payloadType":"application/vnd.in-toto+json","signatures":[]}',
        b'{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[]}',
        b'{"payload":"e30=","payloadType":"text/plain","signatures":[{"sig":"e30="}]}',
        b'{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"!"}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_envelope_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        read_envelope(data)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_no_two_payloads_have_the_same_encoding(one: bytes, other: bytes) -> None:
    assert (pae(one) == pae(other)) == (one == other)


def test_a_stranger_checks_an_envelope_as_the_guide_says(shop: Context, tmp_path: Path) -> None:
    """The commands stand in docs/ci.md."""
    page = (Path(__file__).parents[3] / "docs" / "ci.md").read_text(encoding="utf-8")
    commands = page.partition("A stranger checks it without the workbench:\n\n```sh\n")[2].partition("```")[0]
    signed(shop)
    key = make_key(tmp_path)
    (document, *_) = attestations(of(shop), signer(str(key), tmp_path))
    (tmp_path / "gate.dsse.json").write_bytes(document.data)
    (tmp_path / "allowed_signers").write_text(allowed_signers([person("kim", public_line(key))]), "utf-8")

    def check_as_told() -> subprocess.CompletedProcess[str]:
        words = ["bash", "-e", "-o", "pipefail", "-c", commands]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    told = check_as_told()
    assert told.returncode == 0, told.stderr
    assert "Good" in told.stdout and "kim" in told.stdout
    envelope = json.loads(document.data)
    payload = base64.b64decode(envelope["payload"]).replace(b'"signed"', b'"Signed"')
    envelope["payload"] = base64.b64encode(payload).decode()
    (tmp_path / "gate.dsse.json").write_text(json.dumps(envelope), "utf-8")
    assert check_as_told().returncode != 0


# --- CycloneDX ------------------------------------------------------------------------------------


def schema_of_cyclonedx() -> jsonschema.Draft7Validator:
    """The schema of version 1.6 that CycloneDX' own library ships, with those that it refers to."""
    folder = Path(cyclonedx.schema.__file__).parent / "_res"
    found = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.SNAPSHOT.schema.json")]
    registry = Registry().with_resources([(each["$id"], Resource.from_contents(each)) for each in found])
    (bom,) = [each for each in found if "/bom-1.6." in each["$id"]]
    return jsonschema.Draft7Validator(bom, registry=registry, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("state", STATES, ids=lambda each: each.__name__)
def test_cyclonedx_is_valid_and_conforms_only_where_all_passed(shop: Context, state: State) -> None:
    state(shop)
    validator = schema_of_cyclonedx()
    for gate in ("benchmarks", "ready", "go"):
        made = msgspec.structs.replace(of(shop, gate, BINARY), controls={"": ["soc2/CC8.1"]})
        bom = documents(made)[3]["predicate"]
        validator.validate(bom)
        refs = {one["bom-ref"] for one in bom["declarations"]["claims"]}
        assert len(refs) == len(bom["declarations"]["claims"])
        (attestation,) = bom["declarations"]["attestations"]
        for line in attestation["map"]:
            assert {*line["claims"], *line["counterClaims"]} <= refs
            assert (line["conformance"]["score"] == 1) == (bool(line["claims"]) and not line["counterClaims"])
        control = attestation["map"][-1]
        assert control["requirement"] == "control/soc2/CC8.1"
        applying = [one for one in made.said.checks if one.outcome is not Outcome.LEFT_OUT]
        whole = all(one.outcome is Outcome.PASSED for one in applying)
        assert control["conformance"]["score"] == (1 if whole else 0)


def test_a_control_of_a_requirement_is_shown_by_that_requirement_alone(tmp_path: Path) -> None:
    text = build.SHOP.replace(
        "      - benchmarks: {}\n", "      - benchmarks: {}\n        satisfies: [iso27001/8.29]\n"
    )
    with build.shop(tmp_path / "shop", text) as shop:
        build.figures(shop)
        made = attested(shop, said(shop), {})
        assert made.controls == {"benchmarks": ["iso27001/8.29"]}
        (attestation,) = documents(made)[3]["predicate"]["declarations"]["attestations"]
        assert attestation["map"][-1]["conformance"]["score"] == 1
        assert attestation["map"][0]["requirement"] == "requirement/benchmarks"


def test_what_went_out_is_verified_as_of_its_shipping(shop: Context) -> None:
    signed(shop)
    shipping.ship(shop)
    later = build.later(shop, days=3)
    found = shown_gate(later, evaluate(later), "go")
    made = attested(later, checked(found, found.gate("go"), {}), {})
    report, summary, *_ = documents(made)
    assert summary["predicate"]["timeVerified"] == to_text(shop.now)
    assert report["predicate"]["attestedAt"] == to_text(later.now)
    assert summary["predicate"]["verificationResult"] == "PASSED"
