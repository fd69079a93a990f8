"""A noun's fields are told once: everything of the struct is there, and what front ends read comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.usecases.projects import NOW, opened

from workbench.definitions.shapes import Severity, Tier
from workbench.flows import fields as flow_fields
from workbench.flows.model import Flow, FlowKind, Measuring, Stage
from workbench.model.errors import UsageError
from workbench.model.noun_fields import Field, read_given, write_form
from workbench.model.times import zone_of
from workbench.parity import fields as parity_fields
from workbench.parity.model import Difference
from workbench.releases import fields as release_fields
from workbench.releases.model import Artifact, Candidate, Release, ReleaseKind
from workbench.usecases import filling, mapping

NOUNS: list[tuple[type[msgspec.Struct], tuple[Field, ...]]] = [
    (Difference, parity_fields.FIELDS),
    (Flow, flow_fields.FIELDS),
    (Release, release_fields.FIELDS),
    (Candidate, release_fields.CANDIDATE_FIELDS),
]
ZONE = zone_of("Europe/Amsterdam")
FULL: list[Any] = [
    Difference(
        title="a", flows=("x, y", "z"), severity=Severity.LOW, owner="kim", impact="one\ntwo",
        review_by=NOW + timedelta(minutes=90), until=datetime(2026, 12, 1, 23, tzinfo=UTC),
    ),
    Flow(
        key="a", name="A", tier=Tier.BEST_EFFORT, core=True, stage=Stage.ADVISORY, kind=FlowKind.BATCH,
        steps=("a, b; c", "d", "payments: pay [mocked in staging, traces]"), paths=("src/**",),
        approach=(Measuring.SYNTHETIC, Measuring.CANARY), agreed_by="kim", agreed_on=NOW,
    ),
    Release(
        version="1", kind=ReleaseKind.HOTFIX, changes=("CH-2", "CH-10"), watch=("one", "two, three"),
        planned_at=NOW, notes="own words\nin two lines",
    ),
    Candidate(release="r", number=3, commit="abcd", artifacts=(Artifact("a", "sha256:1"), Artifact("b", "2"))),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "fields"), NOUNS, ids=lambda item: getattr(item, "__name__", ""))
def test_every_field_of_a_noun_is_told(shape: type[msgspec.Struct], fields: tuple[Field, ...]) -> None:
    worked_out = {"decided_on", "one_was_enough", "statement", "gap"}  # by the record, from the others
    assert {field.name for field in fields} == set(shape.__struct_fields__) - worked_out
    defaults = {item.name: item.default for item in msgspec.structs.fields(shape)}
    for field in fields:
        assert field.help and field.title, field.name
        if field.asked and not field.choices and defaults[field.name] is not msgspec.NODEFAULT:
            assert field.empty == defaults[field.name], field.name


@pytest.mark.parametrize(("shape", "fields"), NOUNS, ids=lambda item: getattr(item, "__name__", ""))
def test_no_two_fields_share_a_name_that_people_give_them(
    shape: type[msgspec.Struct], fields: tuple[Field, ...]
) -> None:
    titles = [field.title.casefold() for field in fields]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("value", "noun"), zip(FULL, NOUNS, strict=True), ids=lambda item: type(item).__name__
)
def test_what_a_form_shows_is_read_back(
    value: Any, noun: tuple[type[msgspec.Struct], tuple[Field, ...]]
) -> None:
    for each in (
        value,
        noun[0](**{name: getattr(value, name) for name in noun[0].__struct_fields__[:1]}, **_least(noun[0])),
    ):
        for field in noun[1]:
            if field.asked:
                held = getattr(each, field.name)
                assert read_given(field, write_form(field, held, ZONE), NOW, ZONE) == held, field.name


def _least(shape: type[msgspec.Struct]) -> dict[str, Any]:
    return {Flow: {"name": "a"}, Candidate: {"number": 1, "commit": "abcd"}}.get(shape, {})


def test_what_is_given_on_the_command_line_and_in_a_form_is_read_alike(tmp_path: Path) -> None:
    with opened(tmp_path) as context:
        mapping.add_flow(context, Flow(key="checkout", name="Check out"))
        typed = filling.change(
            context, parity_fields.FIELDS, Difference(title="a"),
            {"severity": "high", "flows": ("Check out",), "review_by": "30d", "owner": None, "region": " eu "},
        )  # fmt: skip
        filled = filling.change(
            context, parity_fields.FIELDS, Difference(title="a"),
            {"severity": "high", "flows": "check  out", "review_by": "30 days", "owner": "", "region": "eu"},
        )  # fmt: skip
        assert typed == filled
        assert typed.flows == ("checkout",) and typed.review_by == context.now + timedelta(days=30)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"flows": ("nowhere",)}, "there is no flow “nowhere”"),
        ({"severity": "catastrophic"}, "is no severity"),
        ({"review_by": "soon"}, "is not a date or time"),
        ({"review_by": "9999999999d"}, "too far off"),
    ],
)
def test_what_a_field_cannot_hold_is_refused(tmp_path: Path, given: dict[str, object], what: str) -> None:
    with opened(tmp_path) as context, pytest.raises(UsageError, match=what) as caught:
        filling.change(context, parity_fields.FIELDS, Difference(title="a"), given)
    assert caught.value.hint


def test_mistakes_are_told_below_their_fields() -> None:
    found = filling.mistakes(
        release_fields.FIELDS, {"kind": "regular", "planned_at": "soon", "changes": "magic"}, ZONE
    )
    assert set(found) == {"planned_at", "changes"}
    assert found["planned_at"].startswith("“soon” is not a date or time; write")
