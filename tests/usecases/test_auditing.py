"""The audit of a period: everything an auditor asks for is there, in every format the same twice, and gaps are named."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from tests import building as build
from tests.bundles import make_keys, signed_shop, text_of
from tests.probes.on_record import PROBES, know_kinds, ran, shop_text
from tests.ssh import public_line
from tests.usecases.reporting.formats import HOSTILE, said
from tests.usecases.reporting.states import signed

from workbench.incidents.model import IncidentSeverity
from workbench.model.errors import UsageError
from workbench.releases.model import Outcome
from workbench.usecases import breaking_glass, deciding, incidents, releasing, shipping
from workbench.usecases.askings import bring, judged_here, note_of
from workbench.usecases.auditing.as_cdevents import cdevents
from workbench.usecases.auditing.as_csv import HEAD, csv_text
from workbench.usecases.auditing.as_json import document
from workbench.usecases.auditing.as_text import html, text
from workbench.usecases.auditing.definitions import what_changed
from workbench.usecases.auditing.reading import read_audit
from workbench.usecases.auditing.shapes import Audit, Control, Sort
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options, read_definitions

DAY = timedelta(days=1)
CONTROLLED = build.SHOP.replace(
    "  - key: go\n    title: Go\n",
    "  - key: go\n    title: Go\n    satisfies: [soc2/CC8.1, iso27001/A.8.32]\n",
).replace(
    "      - differences_decided: high\n",
    "      - differences_decided: high\n        satisfies: [soc2/CC8.1]\n",
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", CONTROLLED) as context:
        yield context


def audited(context: Context, begins: datetime | None = None, ends: datetime | None = None) -> Audit:
    return read_audit(context, begins or context.now - DAY, ends or context.now + DAY)


def control(audit: Audit, key: str) -> Control:
    (found,) = [one for one in audit.controls if one.key == key]
    return found


def whats(audit: Audit, *sorts: Sort) -> list[str]:
    return [one.what for one in audit.of(*sorts)]


def everything(shop: Context) -> None:
    """Something of every sort."""
    build.sign(shop, "benchmarks", "robin", "reject", "not in this week")
    deciding.freeze(shop, "incident 42")
    build.figures(shop, p95="0.9", errors="1.5")
    until = shop.now + 2 * DAY
    build.override(shop, evaluate(shop), "errors", reason="known to everybody", approver="robin", until=until)
    bring(shop, note_of(shop, said(shop, advisory=True), judged_here(shop), {}))


# --- what happened ------------------------------------------------------------------------------


def test_a_release_with_who_approved_it_and_how_that_is_known(shop: Context) -> None:
    signed(shop)
    shipping.ship(shop, run="run 7")
    audit = audited(shop)
    (shipped,) = audit.shipped
    assert (shipped.version, shipped.by, shipped.through, shipped.commit) == ("2.0.0", "kim", True, build.SHA)
    assert {gate.gate: gate.signed_by for gate in shipped.gates}["go"] == (
        "kim (release-owner)",
        "sam (product-owner)",
    )
    approvals = audit.of(Sort.APPROVAL)
    assert [(one.gate, one.who, one.what) for one in approvals] == [
        ("benchmarks", "robin", "approved"),
        ("go", "kim", "approved"),
        ("go", "sam", "approved"),
    ]
    for one in approvals:
        assert one.known and len(one.evidence) >= 3 and len(one.entry) == 64
        assert shop.record.place_of(one.entry) is not None
        assert all(shop.record.blob(digest) is not None for digest in one.evidence)
    assert whats(audit, Sort.RELEASE) == ["planned", "shipped"]


def test_a_key_is_named_only_where_its_signature_holds(tmp_path: Path) -> None:
    keys = make_keys(tmp_path / "keys")
    with signed_shop(tmp_path, keys) as shop:
        mine = {one.who: one for one in audited(shop).of(Sort.APPROVAL)}
        assert re.fullmatch(r"signed with SHA256:\S+ of sam", mine["sam"].known)
        assert mine["sam"].flag == ""
        listed = public_line(keys.of("sam"))
        day = f"{shop.now - DAY:%Y-%m-%d}"
        text_ = text_of(keys).replace(f'{{key: "{listed}"}}', f'{{key: "{listed}", revoked: {day}}}')
        build.write(shop.root, text_)
        definitions = read_definitions(Options(project=shop.root))[1]
        later = msgspec.structs.replace(shop, definitions=definitions)
        found = {one.who: one for one in audited(later).of(Sort.APPROVAL)}
        assert "SHA256" not in found["sam"].known
        assert found["sam"].flag.startswith("its signature does not hold: the key of sam was revoked")
        assert found["kim"].flag == ""


def test_rejections_exceptions_freezes_and_askings_are_told(shop: Context) -> None:
    everything(shop)
    audit = audited(shop)
    assert whats(audit, Sort.REJECTION) == ["rejected"]
    assert whats(audit, Sort.FREEZE) == ["frozen"]
    exceptions = audit.of(Sort.EXCEPTION)
    assert [(one.what, one.who, one.release) for one in exceptions] == [
        ("override proposed", "kim", "2.0.0"),
        ("override approved", "robin", "2.0.0"),
    ]
    assert "known to everybody" in exceptions[0].why
    (asking,) = audit.of(Sort.ASKING)
    assert "went on although the gate was blocked" in asking.flag
    assert asking in audit.flagged


def test_what_lies_outside_of_the_period_is_not_in_it(shop: Context) -> None:
    everything(shop)
    assert audited(shop, shop.now + timedelta(hours=1), shop.now + DAY).happenings == ()
    assert audited(shop, shop.now - DAY, shop.now - timedelta(hours=1)).happenings == ()
    with pytest.raises(UsageError, match="after"):
        audited(shop, shop.now + DAY, shop.now)


def test_break_glass_is_flagged_and_is_a_gap_of_every_control(shop: Context) -> None:
    breaking_glass.break_glass(shop, "2.0.0", reason="payments are down for everybody")
    audit = audited(shop)
    assert "broke the glass" in whats(audit, Sort.BREAK_GLASS)
    (shipped,) = audit.shipped
    assert shipped.break_glass and not shipped.through
    found = control(audit, "soc2/CC8.1")
    assert all("one person let it out past its gates" in line.gaps for line in found.lines)


def test_a_condition_that_fell_due_and_that_nobody_followed_up(shop: Context) -> None:
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin")
    due = shop.now + 5 * DAY
    build.sign(
        shop, "go", "kim", "approve_with_conditions", conditions="Sam agrees first", conditions_due=due
    )
    assert "condition fell due" not in whats(audited(shop), Sort.APPROVAL)
    later = build.later(shop, days=6)
    (fell,) = [one for one in audited(later, shop.now, later.now).flagged if one.what == "condition fell due"]
    assert (fell.who, fell.subject, fell.flag) == (
        "kim",
        "Sam agrees first",
        "nobody has said that it was met",
    )


def test_a_rejection_says_why(shop: Context) -> None:
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin", "reject", "not in this week")
    assert [one.why for one in audited(shop).of(Sort.REJECTION)] == ["not in this week"]


# --- definitions --------------------------------------------------------------------------------


def test_a_change_of_people_between_two_acts_is_told_with_who_acted_first(shop: Context) -> None:
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin")
    changed = build.rewrite(
        shop, "  - {key: sam,", "  - {key: mallory, name: Mallory, roles: [release-owner]}\n  - {key: sam,"
    )
    build.sign(changed, "go", "kim")
    (one,) = audited(changed).of(Sort.DEFINITIONS)
    assert "people: mallory added" in one.subject
    assert one.flag == "people changed" and one.who == "kim"


def test_a_field_that_a_later_version_adds_is_no_change() -> None:
    old = {"project": {"gates": [{"key": "go", "title": "Go"}], "people": []}}
    new = {"project": {"gates": [{"key": "go", "title": "Go", "satisfies": [], "into": None}], "people": []}}
    assert what_changed(old, new)[1] == ""
    new["project"]["gates"][0]["into"] = "production"
    assert what_changed(old, new) == ("gates: go changed", "gates changed")
    assert what_changed(old, None)[1]


# --- controls -----------------------------------------------------------------------------------


def test_each_control_names_its_gates_its_releases_and_its_evidence(shop: Context) -> None:
    signed(shop)
    shipping.ship(shop)
    audit = audited(shop)
    found = control(audit, "soc2/CC8.1")
    assert found.served_by == ("ready/differences_decided-high", "go") and found.whole
    (requirement, gate) = found.lines
    assert gate.signed_by == ("kim (release-owner)", "sam (product-owner)")
    assert len(gate.evidence) == 3 and requirement.evidence[0] == audit.shipped[0].report
    assert control(audit, "iso27001/A.8.32").whole


def test_gaps_of_a_control_are_named(shop: Context) -> None:
    assert control(audited(shop), "soc2/CC8.1").gaps == ("no release went out in this period",)
    build.figures(shop)
    shipping.ship(shop, reason="the vendor switches off")
    found = control(audited(shop), "iso27001/A.8.32")
    assert not found.whole
    assert found.lines[0].gaps == ("the gate had not passed", "nobody had signed it")


def test_evidence_that_is_gone_is_a_gap(shop: Context) -> None:
    signed(shop)
    shipping.ship(shop)
    assert control(audited(shop), "iso27001/A.8.32").whole
    (_, statement, _) = control(audited(shop), "iso27001/A.8.32").lines[0].evidence
    shop.record.purge(statement, "a password stood in it", shop.author(), shop.clock)
    (line,) = control(audited(shop), "iso27001/A.8.32").lines
    assert line.gaps == ("1 of its 3 documents is not kept here",)


def test_a_gate_that_came_later_shows_nothing_for_an_earlier_release(shop: Context) -> None:
    signed(shop)
    shipping.ship(shop)
    later = build.rewrite(shop, "gates:\n", "gates:\n  - {key: legal, title: Legal, satisfies: [gdpr/32]}\n")
    (line,) = control(audited(later), "gdpr/32").lines
    assert line.gaps == ("the gate was not part of what it passed",)


# --- formats ------------------------------------------------------------------------------------

_TEXT, _SOME = {"type": "string"}, {"type": "string", "minLength": 1}
_PLACE = {"type": "object", "required": ["id"], "additionalProperties": False, "properties": {"id": _SOME}}
_CONTENT: dict[str, Any] = {  # what CDEvents 0.5.0 says of the contents of these subjects
    "dev.cdevents.service.deployed.0.3.0": {
        "required": ["environment", "artifactId"], "additionalProperties": False,
        "properties": {"environment": _PLACE, "artifactId": _SOME},
    },
    "dev.cdevents.service.rolledback.0.3.0": {
        "required": ["environment", "artifactId"], "additionalProperties": False,
        "properties": {"environment": _PLACE, "artifactId": _SOME},
    },
    "dev.cdevents.incident.detected.0.3.0": {
        "required": ["environment"], "additionalProperties": False,
        "properties": {"environment": _PLACE, "description": _TEXT},
    },
    "dev.cdevents.incident.resolved.0.3.0": {
        "required": ["environment"], "additionalProperties": False,
        "properties": {"environment": _PLACE, "description": _TEXT},
    },
}  # fmt: skip
_CUSTOM = re.compile(r"dev\.cdeventsx\.[a-zA-Z0-9]+-[a-zA-Z]+\.[a-zA-Z]+\.[0-9]\.[0-9]\.[0-9]\Z")
_EVENT: dict[str, Any] = {
    "required": ["context", "subject"],
    "additionalProperties": False,
    "properties": {
        "context": {
            "required": ["specversion", "id", "source", "type", "timestamp"], "additionalProperties": False,
            "properties": {
                "specversion": {"const": "0.5.0"}, "id": _SOME, "source": _SOME, "type": _SOME,
                "timestamp": {"type": "string", "format": "date-time"},
            },
        },
        "subject": {
            "required": ["id", "content"], "additionalProperties": False,
            "properties": {"id": _SOME, "source": _SOME, "content": {"type": "object"}},
        },
        "customData": {"type": "object"},
        "customDataContentType": {"const": "application/json"},
    },
}  # fmt: skip


def test_cdevents_are_what_the_specification_says(shop: Context) -> None:
    signed(shop)
    shipping.ship(shop)
    releasing.end(
        shop, releasing.find(shop, "2.0.0"), Outcome.ROLLED_BACK, reason="the queue ran full at once"
    )
    lines = [json.loads(line) for line in cdevents(audited(shop)).splitlines()]
    types = [line["type"] for line in lines]
    assert "dev.cdevents.service.deployed.0.3.0" in types
    assert "dev.cdevents.service.rolledback.0.3.0" in types
    assert "dev.cdeventsx.workbench-gate.approved.0.1.0" in types
    for line in lines:
        event = line["data"]
        jsonschema.Draft202012Validator(_EVENT).validate(event)
        context = event["context"]
        assert {name: line[name] for name in ("id", "source", "type")} == {
            name: context[name] for name in ("id", "source", "type")
        }
        assert (line["specversion"], line["subject"], line["time"]) == (
            "1.0", event["subject"]["id"], context["timestamp"],
        )  # fmt: skip
        if context["type"] in _CONTENT:
            jsonschema.Draft202012Validator(_CONTENT[context["type"]]).validate(event["subject"]["content"])
        else:
            assert _CUSTOM.match(context["type"])
    ids = [line["id"] for line in lines]
    assert len(ids) == len(set(ids))


def test_every_format_is_the_same_twice_and_tells_every_happening(shop: Context) -> None:
    everything(shop)
    one, other = audited(shop), audited(shop)
    for write in (text, html, csv_text, cdevents, lambda audit: json.dumps(document(audit), default=str)):
        assert write(one) == write(other)
    rows = list(csv.reader(io.StringIO(csv_text(one))))
    assert tuple(rows[0]) == HEAD
    assert sum(row[2] != "control" for row in rows[1:]) == len(one.happenings)
    assert len(cdevents(one).splitlines()) == len(one.happenings) == len(document(one)["happenings"])


def test_nothing_of_what_people_wrote_is_markup_formula_or_command(shop: Context) -> None:
    deciding.freeze(shop, f"=HYPERLINK(1) {HOSTILE}")
    build.sign(shop, "benchmarks", "robin", "reject", f"@SUM(A1) {HOSTILE}")
    audit = audited(shop)
    for row in csv.reader(io.StringIO(csv_text(audit))):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    page = html(audit)
    assert "&lt;b&gt;" in page and " <b> " not in page
    assert "Content-Security-Policy" in page and "<script" not in page
    assert not re.search(r"(?:src|href)=", page)
    for out in (text(audit), page, csv_text(audit), cdevents(audit)):
        assert "\x1b" not in out and "\u202e" not in out


# --- what sources and incidents tell --------------------------------------------------------------


def test_a_build_that_runs_without_a_record_of_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know_kinds(monkeypatch)
    with build.shop(tmp_path / "shop", shop_text(PROBES)) as shop:
        alike = {"POOL": "50", "REGION": "eu"}
        ran(shop, alike, alike, production_build="feedc0de1234")
        audit = audited(shop)
        (one,) = audit.of(Sort.DEPLOYMENT)
        assert (one.environment, one.flag) == ("production", "nobody recorded this deployment")
        assert "feedc0de1234: no candidate names it" in one.subject
        deployed = [json.loads(line) for line in cdevents(audit).splitlines() if "feedc0de1234" in line]
        assert [line["type"] for line in deployed] == ["dev.cdevents.service.deployed.0.3.0"]


def test_an_incident_begins_and_ends(shop: Context) -> None:
    value = msgspec.structs.replace(
        incidents.new(shop),
        title="checkout answers 503",
        environment="staging",
        severity=IncidentSeverity.HIGH,
    )
    incidents.declare(shop, value)
    stored, found = incidents.find_incident(shop, "checkout")
    incidents.close(shop, stored, found, why="the pool was too small, and is mended")
    audit = audited(shop)
    assert [one.what for one in audit.of(Sort.INCIDENT)] == ["declared", "ended: closed"]
    types = {json.loads(line)["type"] for line in cdevents(audit).splitlines()}
    assert {"dev.cdevents.incident.detected.0.3.0", "dev.cdevents.incident.resolved.0.3.0"} <= types


def test_what_was_removed_for_good_is_told(shop: Context) -> None:
    signed(shop)
    digest = shop.record.history("signoff", limit=1)[0].value["shown"]  # type: ignore[index]
    assert audited(shop).of(Sort.PURGE) == []
    shop.record.purge(digest, "a password stood in it", shop.author(), shop.clock)
    (one,) = audited(shop).of(Sort.PURGE)
    assert (one.what, one.flag, one.why) == (
        "purged",
        "content was removed for good",
        "a password stood in it",
    )
