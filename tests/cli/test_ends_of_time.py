"""Dates at the ends of time are refused where they are typed or read, and shown where they are stored."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests.cli.conftest import Type

from workbench.model.canonical import plain
from workbench.parity.model import Difference
from workbench.record import Change
from workbench.releases.model import Release
from workbench.usecases.context import commit
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options

END = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("when", ["9999-12-31T23:59Z", "9999-12-31", "0001-01-01", "9999999d", "31.12.9999"])
@pytest.mark.parametrize(
    "words",
    [
        ("parity", "decide", "payment gateway mocked", "--accept", "--reason", "It is as slow as the real one", "--until"),
        ("override", "benchmark/checkout-p95", "--reason", "The vendor mends it", "--approver", "kim", "--until"),
        ("release", "edit", "--planned"),
        ("promise", "benchmark/checkout-p95", "--owner", "kim", "--by"),
        ("parity", "edit", "HTTP_TIMEOUT", "--review-by"),
        ("sign", "sign-off", "--confirm", "2.14.0", "--conditions", "Watch it", "--due"),
        ("gate", "--now"),
    ],
    ids=lambda words: words[0] if words[0] != "parity" else f"parity {words[1]}",
)  # fmt: skip
def test_what_cannot_be_shown_in_every_zone_is_refused(
    shop: Path, type_in: Type, words: tuple[str, ...], when: str
) -> None:
    said = type_in(*words, when, code=2)
    assert "too far off" in said.err or "is not a date or time" in said.err


def test_an_import_names_the_row(shop: Path, type_in: Type) -> None:
    table = shop / "end.csv"
    table.write_text(
        "What differs,staging,production,severity,decision,reason,until\n"
        "DNS,one,two,high,accept,for good,9999-12-31T23:59:59+00:00\n",
        encoding="utf-8",
    )
    said = type_in("import", "differences", table, code=2)
    assert "end.csv:2:" in said.err and "too far off" in said.err


@pytest.mark.parametrize("moment", [END, BEGINNING], ids=["end", "beginning"])
@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York", "Asia/Tokyo"])
def test_what_is_stored_already_is_shown(shop: Path, type_in: Type, moment: datetime, zone: str) -> None:
    project = shop / "workbench.yaml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("timezone: Europe/Amsterdam", f"timezone: {zone}", 1), encoding="utf-8")
    context = open_context(Options(project=shop))
    with context.record as record:
        changes = []
        for name, shape in (("difference", Difference), ("release", Release)):
            for stored in record.all(name):
                value = msgspec.convert(stored.decode(dict), shape)
                field = "planned_at" if name == "release" else "until"
                found = msgspec.structs.replace(value, **{field: moment})
                if name == "difference":
                    found = msgspec.structs.replace(found, review_by=moment, found_at=moment)
                changes.append(Change(name, stored.id, "edited", plain(found), stored.base))
        commit(context, changes)
    for words in (
        ("gate",), ("gate", "--json"), ("parity", "list"), ("parity", "show", "DNS"), ("notes",),
        ("notes", "--format", "html"), ("notes", "--format", "txt"), ("benchmark", "list"), ("release", "show"),
        ("release", "list"), ("history",), ("export", "differences", "-"), ("doctor",),
    ):  # fmt: skip
        assert type_in(*words, code=None).code in (0, 1, 2), words


@pytest.mark.parametrize("samples", ["1" * 30, "١", "1_000", "-1", "9007199254740992"])
def test_a_number_of_samples_that_no_record_can_hold_is_refused(
    shop: Path, type_in: Type, samples: str
) -> None:
    words = ("benchmark", "enter", "checkout-p95", "0.4", "--note", "seen", "--samples", samples)
    assert "is not a whole number" in type_in(*words, code=2).err


@pytest.mark.parametrize("value", ["١", "1_000", "1e999999999", "nan"])
def test_a_value_is_typed_in_plain_digits(shop: Path, type_in: Type, value: str) -> None:
    words = ("benchmark", "enter", "checkout-p95", value, "--note", "seen")
    assert "is not a number" in type_in(*words, code=2).err


@pytest.mark.parametrize("spoilt", ["deep line", "deep head", "demonstration", "release"])
def test_an_excerpt_that_cannot_be_read_is_said_in_words(shop: Path, type_in: Type, spoilt: str) -> None:
    path = shop / "ci.excerpt.jsonl"
    type_in("excerpt", "--output", path)
    lines = path.read_text(encoding="utf-8").splitlines()
    head = msgspec.json.decode(lines[0])
    match spoilt:
        case "deep line":
            lines.append("[" * 100_000)
        case "deep head":
            lines[0] = "[" * 100_000
        case "demonstration":
            lines[0] = msgspec.json.encode(head | {"demonstration": "9999-12-31T23:59:59-01:00"}).decode()
        case "release":
            lines[0] = msgspec.json.encode(head | {"release": ["2.14.0"]}).decode()
    path.write_text("\n".join(lines), encoding="utf-8")
    type_in("gate", "--excerpt", path, code=2)
