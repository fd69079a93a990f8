"""The parts of a benchmark's page, made from what is known of it: drawing, rows, and what hangs beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal

from workbench.benchmarks.charted import Happening
from workbench.benchmarks.judge import Judged
from workbench.benchmarks.measurements import Invalidation, Measurement
from workbench.criteria import Verdict
from workbench.definitions.shapes import Mark as Place
from workbench.model.text import number_of
from workbench.model.times import day_text, moment_text, relative_text
from workbench.model.width import wrap
from workbench.parity.touching import Doubt
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.usecases.baselines import Begun, Compared
from workbench.usecases.views.baselines import mark_of as baseline_mark
from workbench.usecases.views.baselines import stands, value_words
from workbench.usecases.views.benchmark import numbers, quantity
from workbench.usecases.views.builds import Build
from workbench.usecases.views.charts.bullet import Point, Scale
from workbench.usecases.views.charts.course import Bound, Chart, Course
from workbench.usecases.views.explaining import Explained
from workbench.usecases.views.marks import Fact
from workbench.usecases.views.material import Material
from workbench.usecases.views.pictures import BUILDS, COURSE, SAMPLES, Drawing, OverTime, order
from workbench.usecases.views.standing import bounds_of, limits_of
from workbench.usecases.views.variants import VariantRow, VariantTable
from workbench.usecases.views.why import Why

BUILD, MEASURED, EVIDENCE, DEFINED, FACT = "build ", "measured ", "evidence ", "defined ", "fact "
HAPPENED, SAMPLED, COMPARED, VARIANT = "happened ", "samples ", "compared ", "variant "
_WHAT = {"configuration": "changed", "occupancy": "occupied"}  # shorter than what the record calls it
TOUCHES = "difference "
_MOST_LINES = 4  # of a field; all of it is one key away
MEASURE = 84  # cells; a longer line is hard to read


# --- the drawing -------------------------------------------------------------------------------


def pictures_of(judged: Judged, kept: Material, over: OverTime | None) -> dict[str, Drawing]:
    """The pictures that can be drawn by name, the one that the rule rests on first.

    Of one value alone, that value against its limits.
    """
    found: dict[str, Drawing] = {}
    if kept.course_of is not None and len(kept.staging) > 1:
        found[COURSE] = course_of(judged, kept, over.chart.happenings if over else ())
    if over is not None and len(over.chart.points) > 1:
        found[BUILDS] = over.chart
    if over is not None and over.histograms is not None:
        found[SAMPLES] = over.histograms
    if not found and (scale := scale_of(judged)) is not None:
        return {COURSE: scale}
    return {name: found[name] for name in order(judged) if name in found}


def course_of(judged: Judged, kept: Material, happened: tuple[Happening, ...] = ()) -> Chart:
    """How the value went over time, with what it is held against."""
    texts, may, bounds = numbers(judged), limits_of(judged), bounds_of(judged)
    staging = judged.resolved.environment or "staging"
    end = quantity(Decimal(repr(kept.staging[-1][1])), judged)
    value = texts.value if _ends_at(kept, judged) else end
    courses = [Course(kept.staging, f"{value} {staging}".strip())]
    compared = (judged.baseline.environment if judged.baseline else None) or judged.resolved.baseline
    levels = []
    if texts.baseline and len(kept.production) > 1:
        courses.append(Course(kept.production, f"{texts.baseline} {compared}"))
    elif texts.baseline and judged.baseline_value is not None:
        levels.append(Bound(float(judged.baseline_value), f"{texts.baseline} {compared}", limit=False))
    same = bounds.low is not None and bounds.low == bounds.high
    if bounds.high is not None:
        levels.append(Bound(bounds.high, f"{may.high} {'required' if same else 'upper limit'}"))
    if bounds.low is not None and not same:
        levels.append(Bound(bounds.low, f"{may.low} lower limit"))
    return Chart(tuple(courses), tuple(levels), bounds.low, bounds.high, happened)


def _ends_at(kept: Material, judged: Judged) -> bool:
    """Whether the course ends at the value that is judged, as far as one can see."""
    value, end = judged.outcome.inputs.value, kept.staging[-1][1]
    return value is not None and abs(float(value) - end) <= abs(end) * 0.02


def scale_of(judged: Judged) -> Scale | None:
    """Value, baseline and limits on one scale, unless there is nothing to draw."""
    outcome, texts = judged.outcome, numbers(judged)
    value, baseline = outcome.inputs.value, outcome.inputs.baseline
    low, high = outcome.accepts()
    if value is None or any(n is not None and abs(n.adjusted()) > 200 for n in (value, baseline, low, high)):
        return None
    may, same = limits_of(judged), low == high
    role = Role.ERROR if outcome.verdict is Verdict.FAIL else Role.ACCENT
    compared = judged.resolved.baseline
    return Scale(
        Point(float(value), texts.value, role),
        Point(float(baseline), f"{texts.baseline} {compared}", Role.MUTED) if baseline is not None else None,
        Point(float(high), f"{may.high} {'required' if same else 'upper limit'}")
        if high is not None
        else None,
        Point(float(low), f"{may.low} lower limit") if low is not None and not same else None,
    )


# --- rows --------------------------------------------------------------------------------------


def build_rows(found: Sequence[Build]) -> list[Item]:
    """The builds below each other, so that their numbers can be compared."""
    rows: list[Item] = [Heading("Builds")]
    for build in found:
        role = Role.STRONG if build.current else Role.TEXT
        rows.append(
            Row(
                BUILD + build.name,
                (
                    Cell(build.name, role),
                    Cell(build.value, role),
                    Cell(build.words, Role.TEXT if build.current else Role.MUTED),
                    Cell(build.samples, Role.MUTED),
                ),
                build.mark,
            )
        )
    return rows


def figure_rows(facts: Sequence[Fact], width: int) -> list[Item]:
    """The figures behind a statistical verdict, folded to ``width`` cells where it is given."""
    rows: list[Item] = [Heading("Figures")]
    for number, fact in enumerate(facts):
        for place, line in enumerate(wrap(fact.text, width)[:_MOST_LINES] if width else [fact.text]):
            label = Cell("" if place else fact.label, Role.MUTED)
            mark = fact.mark if not place else None
            rows.append(Row(f"{FACT}figure {number} {place}", (label, Cell(), Cell(line), Cell()), mark))
    return rows if facts else []


def compared_rows(compared: Sequence[Compared], phases: Sequence[Begun], zone: tzinfo) -> list[Item]:
    """Baselines that speak for a word, and phases: what is pinned, or has something against it."""
    told = [(number, one) for number, one in enumerate(compared) if one.marks or one.name or one.at]
    rows: list[Item] = [Heading("Compared with")]
    for number, one in told:
        cells = (Cell(one.kind), Cell(value_words(one)), Cell(stands(one, zone), Role.MUTED), Cell())
        rows.append(Row(f"{COMPARED}{number}", cells, baseline_mark(one)))
    for number, begun in enumerate(phases):
        waits = "" if begun.counts else ", waits for approval"
        words = f"since {day_text(begun.phase.begins, zone)}{waits}: {begun.phase.reason}"
        cells = (Cell("phase"), Cell(), Cell(words), Cell(begun.phase.author, Role.MUTED))
        mark = Mark.OPEN if not begun.counts else None if begun.present else Mark.NOT_APPLICABLE
        rows.append(Row(f"{FACT}phase {number}", cells, mark))
    return rows if len(rows) > 1 else []


def why_rows(why: Why, now: datetime) -> list[Item]:
    """What lies between its last pass and its first fail, the latest first; ``enter`` shows one in full."""
    if not why.between:
        return []
    if why.before is not None:
        between = "last fail and first pass" if why.turned == "passed" else "last pass and first fail"
        heading = Heading(f"Between {between}", why.moved)
    else:
        heading = Heading("Meanwhile")
    rows: list[Item] = [heading]
    for number, one in reversed(list(enumerate(why.between))):
        cells = (
            Cell(relative_text(one.at, now)),
            Cell(_WHAT.get(one.what, one.what), Role.MUTED),
            Cell(one.words),
            Cell(one.by, Role.MUTED),
        )
        rows.append(Row(f"{HAPPENED}{number}", cells))
    return rows


def happening_blocks(one: Happening, zone: tzinfo) -> list[Block]:
    """Something that happened, in full."""
    facts = {"What": one.what, "When": moment_text(one.at, zone), "Words": one.words, "By": one.by}
    return [Pair(name, text) for name, text in facts.items() if text]


def variant_rows(tables: Sequence[VariantTable], benchmark: str) -> list[Item]:
    """Its value in each variant, and which is the cheapest; ``enter`` shows all figures of a variant."""
    rows: list[Item] = []
    for place, table in enumerate(tables):
        rows.append(Heading(table.title, table.words))
        for number, one in enumerate(table.rows):
            value = next((each.value for each in one.figures if each.benchmark == benchmark), "")
            label = f"{one.label} now" if one.now else one.label
            cheapest = Cell("cheapest" if one.cheapest else "", Role.STRONG)
            cells = (Cell(label), Cell(value), Cell(one.why or one.meets.value, Role.MUTED), cheapest)
            rows.append(Row(f"{VARIANT}{place} {number}", cells, one.mark))
    return rows


def variant_blocks(one: VariantRow) -> list[Block]:
    """Everything that was measured in a variant."""
    told = [Pair(each.title, f"{each.value}: {each.why}", each.mark) for each in one.figures]
    return [Pair("Variant", one.why or one.meets.value, one.mark), *told]


def touching_rows(doubt: Doubt, zone: tzinfo) -> list[Item]:
    """The differences that put it in doubt, the most severe first; ``enter`` opens one."""
    if not doubt.count:
        return []
    rows: list[Item] = [Heading("Staging cannot tell", number_of(doubt.count, "difference"))]
    for item in doubt.items:
        cells = (Cell(item.severity.value), Cell(), Cell(item.title), Cell(item.standing(zone), Role.MUTED))
        rows.append(Row(f"{TOUCHES}{item.id}", cells, Mark.WARNS if item.undecided else Mark.EXCEPTED))
    if doubt.more:
        rows.append(Row(f"{FACT}more", (Cell(), Cell(), Cell(f"and {doubt.more} more", Role.MUTED), Cell())))
    return rows


def measured_rows(kept: Material, judged: Judged | None, now: datetime) -> list[Item]:
    """Every measurement, newest first; what does not count stays in sight."""
    return [
        Heading("Measured", str(len(kept.history)), keep=True),
        *(_measured(item, gone, kept, judged, now) for item, gone in kept.history),
    ]


def _measured(
    item: Measurement,
    gone: Invalidation | None,
    kept: Material,
    judged: Judged | None,
    now: datetime,
) -> Row:
    tone = Role.MUTED if gone else Role.TEXT
    said = [
        f"invalid: {gone.reason} ({gone.by})" if gone else "",
        item.environment or "",
        item.why if item.state != "ok" else "",
        f"{item.samples:,} samples" if item.samples is not None else "",
        "" if gone else kept.candidates.get(item.candidate or "", ""),
        item.mark,
        kept.disturbed.get(item.ref, ""),
        f"partial: {item.partial}" if item.partial else "",
    ]
    return Row(
        MEASURED + item.ref,
        (
            Cell(relative_text(item.measured_at, now), tone),
            Cell(value_of(item, judged), tone),
            Cell(" · ".join(part for part in said if part), Role.MUTED),
            Cell(),
        ),
        Mark.NOT_APPLICABLE if gone else None,
        dim=gone is not None,
    )


def value_of(item: Measurement, judged: Judged | None) -> str:
    """The measured value in words."""
    if item.value is None:
        return item.state
    if item.role == "tests":
        return "green" if item.value == 1 else "not green"
    if judged is not None and item.unit == judged.resolved.unit.symbol:
        return quantity(item.value, judged)
    return f"{item.value:f} {item.unit}".strip()


def newest_of(kept: Material) -> dict[str, Measurement]:
    """The latest measurement of each role that counts."""
    newest: dict[str, Measurement] = {}
    for item, gone in kept.history:
        if gone is None:
            newest.setdefault(item.role, item)
    return newest


def evidence_rows(kept: Material) -> list[Item]:
    """What the latest measurements of each kind were made from."""
    rows: list[Item] = []
    for role, item in newest_of(kept).items():
        whose = item.environment or ("test run" if role == "tests" else role)
        for number, digest in enumerate(item.evidence, 1):
            cells = (
                Cell(f"{whose} {number}"),
                Cell(),
                Cell(f"raw answer {digest[:12]}", Role.MUTED),
                Cell(),
            )
            rows.append(Row(f"{EVIDENCE}{role} {number} {digest}", cells))
        if item.data is not None:
            count = f"{item.samples:,} " if item.samples is not None else ""
            said = Cell(f"{count}samples {item.data[:12]}", Role.MUTED)
            rows.append(Row(f"{SAMPLED}{role}", (Cell(whose), Cell(), said, Cell())))
    return [Heading("Evidence", "enter to see the source's answer"), *rows] if rows else []


def definition_rows(found: Sequence[Explained], place: Place | None, width: int = 0) -> list[Item]:
    """Every field with its line in the file, or where else it comes from.

    Values are folded to ``width`` cells where it is given.
    """
    file = place.file if place else ""
    where = f"E edits {file.rpartition('/')[2]}:{place.line}" if place else ""
    rows: list[Item] = [Heading("Definition", where)]
    for field in found:
        text = field.value if field.place else f"{field.value} ({field.origin})"
        lines = wrap(text, width)[:_MOST_LINES] if width else [text]
        for number, line in enumerate(lines):
            cells = (
                Cell("" if number else field.name.replace("_", " "), Role.MUTED),
                Cell(),
                Cell(line),
                Cell("" if number else _place(field, file), Role.MUTED),
            )
            rows.append(Row(f"{DEFINED}{field.name} {number}", cells))
    return rows


def _place(field: Explained, file: str) -> str:
    """``:17`` in the benchmark's own file, another file by its name."""
    if field.place is None:
        return ""
    line = f":{field.place.line}"
    return line if field.place.file == file else f"{field.place.file.rpartition('/')[2]}{line}"


def about_rows(text: str, width: int) -> list[Item]:
    """What a benchmark is for, in lines that can be read."""
    lines = [line for part in text.splitlines() for line in wrap(part, min(MEASURE, max(20, width)))]
    return [
        Heading("About"),
        *(
            Row(f"{FACT}about {number}", (Cell(line, Role.TEXT, "left"), Cell(), Cell(), Cell()))
            for number, line in enumerate(lines)
        ),
    ]


def fact_rows(facts: Mapping[str, object]) -> list[Item]:
    """What a source says of a test run."""
    rows = [
        Row(FACT + name, (Cell(name.replace("_", " "), Role.MUTED), Cell(), Cell(str(fact)), Cell()))
        for name, fact in facts.items()
    ]  # fmt: skip
    return [Heading("Facts"), *rows] if rows else []


# --- one row in full ---------------------------------------------------------------------------


def measurement_blocks(item: Measurement, gone: Invalidation | None, zone: tzinfo) -> list[Block]:
    """Everything that is known of a measurement."""
    number = f"{item.value:f} {item.unit}".strip() if item.value is not None else "none"
    facts = {
        "Value": f"{number} ({item.state})",
        "Role": item.role,
        "Environment": item.environment or "",
        "At": moment_text(item.measured_at, zone),
        "Window": item.window or "",
        "Samples": f"{item.samples:,}" if item.samples is not None else "",
        "Build": item.build or "not known",
        "Why": item.why,
        "Partial": item.partial or "",
        "Marked": item.mark,
        "Facts": ", ".join(f"{name}: {fact}" for name, fact in item.facts.items()),
        "Named": item.ref,
        "Evidence": " ".join(item.evidence),
    }
    blocks: list[Block] = [Pair(name, text) for name, text in facts.items() if text]
    if gone is not None:
        said = f"{gone.reason} ({gone.by}, {moment_text(gone.at, zone)})"
        blocks.insert(0, Pair("Invalid", said, Mark.NOT_APPLICABLE))
    return blocks
