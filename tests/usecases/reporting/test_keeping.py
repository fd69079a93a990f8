"""A report that was kept says to the letter what it said when it was made."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from math import inf
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.tui.driving import second_writer
from tests.tui.stories import clear_everything
from tests.usecases.reporting.states import STATES, blocked, shipped, signed

from workbench.criteria.figures import Figures, Fired, Limits
from workbench.model.errors import WorkbenchError
from workbench.model.times import zone_of
from workbench.notes import FORMATS, render
from workbench.usecases import demonstration, noting
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_markdown import markdown_report
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.keeping import decode, encode
from workbench.usecases.reporting.making import judgement_of_gate, judgement_of_lines
from workbench.usecases.reporting.notes import notes_of
from workbench.usecases.reporting.report import Report
from workbench.usecases.reporting.statistics import kept
from workbench.usecases.reporting.whole import report_of
from workbench.usecases.views.readiness import (
    Reader,
    about,
    chase_list,
    promised,
    requirement_of,
    sections,
    step,
    waiting_for_signatures,
)


def gate_outputs(found: Judgement, key: str) -> tuple[object, str, str, int]:
    """Everything that ``gate`` prints of one gate, and its exit code."""
    gate = found.gate(key)
    return (
        msgspec.json.encode(gate_document(found, gate)),
        text_report(found, gate),
        markdown_report(found, gate),
        found.exit_code(gate),
    )


def everything_in_readiness(found: Judgement) -> tuple[object, ...]:
    """Every line of Readiness with its detail, for two readers; the steps, and what is copied."""
    shown: list[object] = [chase_list(found), found.counts(), [step(gate) for gate in found.gates]]
    shown += [waiting_for_signatures(found)]
    for reader in (Reader("kim", UTC, wide=False), Reader("robin", zone_of(found.timezone), wide=True)):
        lines = sections(found, reader)
        shown.append(lines)
        for line in (line for section in lines.values() for line in section):
            shown.append(about(found, line.key, reader))
            hit = requirement_of(found, line.key)
            shown.append(promised(found, hit[2], reader) if hit else None)
    return tuple(shown)


@pytest.mark.parametrize("reach", STATES)
def test_what_was_kept_is_what_was_made(tmp_path: Path, reach: Callable[[Context], None]) -> None:
    with build.shop(tmp_path / "shop") as shop:
        reach(shop)
        kept = kept_as_made(shop)
        for form in FORMATS:
            assert reach is shipped or render(notes_of(kept), form) == noting.written(
                shop, evaluate(shop), form
            )


@pytest.mark.parametrize("everybody_signs", [False, True])
def test_so_it_is_of_the_demonstration(tmp_path: Path, everybody_signs: bool) -> None:
    root = demonstration.prepare("web-shop", tmp_path / "web-shop")
    if everybody_signs:
        clear_everything(root)
    with second_writer(root) as shop:
        for person in ("robin", "kim", "sam") if everybody_signs else ():
            build.sign(shop, "sign-off", person)
        kept = kept_as_made(shop)
        assert [gate.through for gate in kept.gates[1:]] == [everybody_signs] * (len(kept.gates) - 1)


def kept_as_made(context: Context) -> Report:
    """The report of the release in hand, kept and read back: it says all that a fresh one says."""
    evaluation = evaluate(context)
    made = report_of(context, evaluation)
    kept = decode(encode(made))
    assert kept == made and encode(kept) == encode(made)
    for gate in evaluation.gates:
        fresh = gate_outputs(judgement_of_gate(evaluation, gate.key), gate.key)
        assert gate_outputs(made, gate.key) == gate_outputs(kept, gate.key) == fresh
    for form in FORMATS:
        assert render(notes_of(kept), form) == render(notes_of(made), form)
    assert everything_in_readiness(made) == everything_in_readiness(kept)
    assert everything_in_readiness(kept) == everything_in_readiness(judgement_of_lines(evaluation))
    return kept


@pytest.fixture
def made(tmp_path: Path) -> Report:
    with build.shop(tmp_path / "shop") as shop:
        blocked(shop)
        return report_of(shop, evaluate(shop))


def test_nobody_s_words_are_a_key() -> None:
    shapes = msgspec.json.schema(Report)["$defs"].values()
    objects = [shape for shape in shapes if shape.get("type") == "object"]
    assert len(objects) > 15 and all(shape["properties"] for shape in objects)
    assert "additionalProperties" not in json.dumps(list(shapes))


def test_it_needs_neither_the_record_nor_the_files_that_it_was_made_from(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as shop:
        signed(shop)
        data = encode(report_of(shop, evaluate(shop)))
        expected = gate_outputs(judgement_of_gate(evaluate(shop), "go"), "go")
    for path in sorted((tmp_path / "shop").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert gate_outputs(decode(data), "go") == expected


def test_a_field_that_came_later_has_its_default(made: Report) -> None:
    raw = msgspec.json.decode(encode(made))
    for name in ("since", "kept", "promises", "parity"):
        del raw[name]
    found = decode(msgspec.json.encode(raw))
    assert (found.since, found.kept, found.promises) == ((), "", ())


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (lambda raw: raw, "moons"),
        (lambda raw: raw["gates"][0], r"gates\[0\]\.moons"),
        (lambda raw: raw["gates"][0]["requirements"][0]["parts"][1], r"requirements\[0\]\.parts\[1\]\.moons"),
    ],
)
def test_what_a_newer_version_added_is_not_passed_over(
    made: Report, place: Callable[[dict[str, object]], dict[str, object]], named: str
) -> None:
    raw = msgspec.json.decode(encode(made))
    place(raw)["moons"] = 2
    with pytest.raises(WorkbenchError, match=named) as caught:
        decode(msgspec.json.encode(raw))
    assert caught.value.hint and "newer version" in caught.value.hint


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"[]", b"7", b'{"schema":"workbench.report.2"}', b'{"schema":"workbench.report.1"}'],
)
def test_what_is_no_report_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(WorkbenchError, match="the report that was kept cannot be shown"):
        decode(data)


@pytest.fixture
def later(made: Report) -> Report:
    """The same, shown after something has changed."""
    return msgspec.structs.replace(
        made, kept="judged when it was shipped on 15 Sep 2026", since=("Kim's role was taken away",)
    )


def test_what_changed_since_stands_beside_what_was_kept(made: Report, later: Report) -> None:
    gate = later.gate("benchmarks")
    text = text_report(later, gate).splitlines()
    assert text[1] == later.kept
    at = text.index("Since it was shipped:")
    assert text[at : at + 3] == ["Since it was shipped:", "  Kim's role was taken away", ""]
    markdown = markdown_report(later, gate).splitlines()
    assert "_judged when it was shipped on 15 Sep 2026_" in markdown
    assert markdown[-3:] == ["### Since it was shipped", "", "- Kim's role was taken away"]
    document = gate_document(later, gate)
    assert (document["kept"], document["since"]) == (later.kept, list(later.since))
    assert set(gate_document(made, gate)) == set(document)


@pytest.mark.parametrize("form", ["md", "txt", "html"])
def test_the_notes_say_what_changed_since_under_a_heading_of_its_own(
    made: Report, later: Report, form: str
) -> None:
    before, after = (render(notes_of(report), form) for report in (made, later))
    assert "since it was shipped" in after.lower() and "role was taken away" in after
    assert "judged when it was shipped on 15 Sep 2026" in after
    assert "since it was shipped" not in before.lower() and "judged when" not in before
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert len(added) <= 6 and [line for line in before.splitlines() if line not in after.splitlines()] == []


def test_the_notes_for_programs_name_what_changed_since_where_there_is_something(
    made: Report, later: Report
) -> None:
    before, after = (json.loads(render(notes_of(report), "json")) for report in (made, later))
    assert (after.pop("kept"), after.pop("since")) == (later.kept, list(later.since))
    assert (before.pop("kept"), before.pop("since")) == ("", [])
    assert after == before


def test_what_a_chart_computed_is_kept_to_the_last_digit(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as shop:
        blocked(shop)
        report = report_of(shop, evaluate(shop))
    figures = kept(
        Figures(
            form="chart",
            statistic=0.1 + 0.2,
            interval=(-inf, 1e-9),
            limits=Limits(1.5, None, 2.5),
            rules_fired=(Fired("nelson_1", "beyond the limits"),),
            points=22,
        )
    )
    assert figures and (figures.statistic, figures.interval) == (
        Decimal("0.30000000000000004"),
        (None, Decimal("1E-9")),
    )
    verdicts = tuple(
        msgspec.structs.replace(item, arithmetic=msgspec.structs.replace(item.arithmetic, figures=figures))
        for item in report.verdicts
        if item.arithmetic is not None
    )
    report = msgspec.structs.replace(report, verdicts=verdicts)
    assert verdicts and decode(encode(report)) == report
