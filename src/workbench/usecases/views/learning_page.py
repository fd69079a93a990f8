"""The quarterly review as a page: what the quarter taught, beside the quarter before, and what there is to decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.learning.figure import ENOUGH, Figure
from workbench.learning.past import Happened
from workbench.learning.period import Period, quarter_before
from workbench.model.errors import UsageError
from workbench.model.text import capitalised, number_of, safe_text
from workbench.notes.as_html import page
from workbench.notes.as_markdown import markdown_of
from workbench.notes.as_text import text_lines
from workbench.notes.blocks import (
    Block,
    Entries,
    Entry,
    Outline,
    Pairs,
    Paragraph,
    Row,
    Section,
    Span,
    Steps,
    Table,
    Tone,
)
from workbench.notes.moments import Moments
from workbench.notes.safe import made_safe
from workbench.usecases.context import Context
from workbench.usecases.learning import learn_of, read_whole
from workbench.usecases.output_files import write_new
from workbench.usecases.views.figure_words import NOTHING, count_text, listed, sentence, value_text
from workbench.usecases.views.learning import (
    HEADS,
    SECTIONS,
    Learning,
    Line,
    advice_words,
    evidence,
    learning_of,
    lines_of,
    prevented_words,
    right_words,
    suggestion,
)


class Quarterly(msgspec.Struct, frozen=True, kw_only=True):
    """A quarter, the one before it, and all that ever happened."""

    project: str
    timezone: str
    period: Period
    made_at: datetime
    quarter: Learning
    before: Learning
    ever: Learning


def read_quarterly(context: Context, name: str = "") -> Quarterly:
    """The review of a quarter; ``UsageError`` for a name that is none."""
    whole = read_whole(context)
    period = whole.quarter(name)
    return Quarterly(
        project=context.definitions.project.title or context.definitions.project.project,
        timezone=context.definitions.project.timezone,
        period=period,
        made_at=context.now,
        quarter=learning_of(learn_of(whole, period)),
        before=learning_of(learn_of(whole, quarter_before(period, context.zone))),
        ever=learning_of(learn_of(whole)),
    )


def as_html(found: Quarterly) -> str:
    """One file that prints well: no script, nothing from outside."""
    return page(made_safe(outline(found)), found.timezone)


def as_text(found: Quarterly) -> str:
    return "\n".join(text_lines(made_safe(outline(found)), Moments(found.timezone))) + "\n"


def as_markdown(found: Quarterly) -> str:
    return markdown_of(made_safe(outline(found)), Moments(found.timezone))


FORMATS = {"txt": as_text, "md": as_markdown, "html": as_html}


def write_page(found: Quarterly, place: Path, *, overwrite: bool = False) -> Path:
    """Write the page to a file, or under its own name into a folder; returns the file.

    ``UsageError`` for a file that is there already, unless ``overwrite``, and for what cannot be written.
    """
    target = place / default_name(found) if place.is_dir() else place
    try:
        write_new(target, as_html(found).encode(), overwrite=overwrite)
    except OSError as error:
        raise UsageError(
            f"the page cannot be written there: {error.strerror}",
            where=safe_text(target),
            hint="choose a folder that you may write to and that has room",
        ) from error
    return target


def default_name(found: Quarterly) -> str:
    """``quarterly-review-2026-Q4.html``."""
    return f"quarterly-review-{found.period.key}.html"


def outline(found: Quarterly) -> Outline:
    """The page before it has a format."""
    say, quarter = Moments(found.timezone), found.quarter
    over = found.period.until <= found.made_at
    return Outline(
        project=found.project,
        version=found.period.key.replace("-", " "),
        subject="quarterly review",
        summary="",
        tone=Tone.PLAIN,
        headline=f"{capitalised(right_words(quarter.figure('right')))}.",
        remarks=() if over else ("The quarter is not over: what follows will still change.",),
        facts=_facts(found, say),
        sections=tuple(_sections(found, say)),
    )


def _facts(found: Quarterly, say: Moments) -> Pairs:
    past, quarter = found.quarter.past, found.quarter
    escaped = [one for one in past.incidents if one.escaped]
    reviewed = sum(one.lesson is not None for one in escaped)
    watched = len(past.releases) - quarter.ended
    out = f"{len(past.releases)}, of which {quarter.ended} were watched to the end"
    return Pairs(
        (
            ("From, until", f"{say.day(found.period.since)}, before {say.day(found.period.until)}"),
            ("Made", say.at(found.made_at)),
            ("Releases out", f"{out} and {watched} still are" if watched else out),
            ("Incidents", f"{len(escaped)} in production, {reviewed} of them reviewed"),
        )
    )


def _sections(found: Quarterly, say: Moments) -> Iterable[Section]:
    quarter, lines = found.quarter, lines_of(found.quarter)
    yield Section("decide", "To decide", tuple(_to_decide(quarter)))
    yield _figures("staging", quarter.staging, found)
    yield _incidents(found, say)
    yield _figures("delivery", quarter.delivery, found)
    for key, name in _ABOUT.items():
        rows = [line for line in lines if line.section == key]
        yield Section(
            key,
            SECTIONS[key],
            (_table((name, *HEADS[key]), rows) if rows else Paragraph(_NONE[key], Tone.QUIET),),
        )
    yield Section("reading", "How to read it", tuple(Paragraph(text, Tone.QUIET) for text in _READING))


_ABOUT = {
    "differences": "Difference",
    "reviews": "What",
    "limits": "Benchmark",
    "held": "What",
    "predictions": "Made with",
    "answers": "Role or person",
    "months": "Month",
    "fidelity": "Score",
}
_NONE = {
    "differences": "No review says that a difference contributed to anything.",
    "reviews": "No review says what was lacking.",
    "predictions": "No prediction has ended.",
    "answers": "Nobody was asked to sign, and has answered.",
    "limits": "No benchmark judged a release that went out and was watched to the end.",
    "held": "Nothing that is timed held a release up.",
    "months": "Nothing happened.",
    "fidelity": "No score of an environment was measured for such a release.",
}
_READING = (
    "A release counts once it has been watched for its seven days. Where fewer than "
    f"{ENOUGH} have been, or fewer than {ENOUGH} things are counted, a share is too few to say.",
    "The bar is where the share since the beginning lies with 95 % confidence, from 0 to 100 %; the line in it is what was counted.",
    "Incidents declared by mistake or merged into others, and what was replayed, count in nothing.",
)


# --- what there is to decide ---------------------------------------------------------------------


def _to_decide(found: Learning) -> Iterable[Block]:
    yield Paragraph(advice_words(found.advice))
    told = [*_reviews_open(found), *_limits_to_change(found), *_differences_to_close(found)]
    if told:
        yield Steps(tuple(told), numbered=True)
    yield Paragraph(f"Better fidelity would have saved: {prevented_words(found.prevented)}", Tone.QUIET)


def _reviews_open(found: Learning) -> Iterable[str]:
    missing = found.prevented.not_reviewed
    if missing:
        yield f"Review what nobody has reviewed: {listed(missing, found.names)}."


def _limits_to_change(found: Learning) -> Iterable[str]:
    for one in found.limits:
        if one.fit in ("too tight", "too loose"):
            tried = suggestion(one)
            yield f"{one.benchmark.title} is {one.fit}: {evidence(one)}." + (
                f" Try: {tried}" if tried else ""
            )


def _differences_to_close(found: Learning) -> Iterable[str]:
    for one in found.hurting:
        if len(one.incidents) > 1:
            yield f"{one.title} contributed to {number_of(len(one.incidents), 'incident')} in production: close it, or mitigate it."


# --- tables --------------------------------------------------------------------------------------


def _figures(key: str, figures: Sequence[Figure], found: Quarterly) -> Section:
    before = {one.key: one for one in found.before.figures}
    ever = {one.key: one for one in found.ever.figures}
    rows = tuple(_figure(one, before[one.key], ever[one.key], found.quarter) for one in figures)
    head = ("", "This quarter", "Quarter before", "Since the beginning")
    return Section(key, SECTIONS[key], (Table(head, rows),))


def _figure(one: Figure, before: Figure, ever: Figure, found: Learning) -> Row:
    left = "; ".join(f"{each.why}: {listed(each.ids, found.names)}" for each in one.left)
    under = (sentence(one), *((f"Left out: {left}.",) if left else ()))
    return Row((one.title, _told(one), count_text(before), _told(ever)), under, _span(ever))


def _told(one: Figure) -> str:
    value = value_text(one)
    return value if value == NOTHING else f"{count_text(one)}, {value}"


def _span(one: Figure) -> Span | None:
    """What is drawn of a share, once there is enough to say it."""
    if one.unit != "share" or one.too_few or one.value is None or one.interval is None:
        return None
    return Span(one.value, *one.interval)


def _table(head: tuple[str, ...], lines: Sequence[Line]) -> Table:
    return Table(head, tuple(Row((line.title, line.count, line.value, line.note)) for line in lines))


def _incidents(found: Quarterly, say: Moments) -> Section:
    escaped = [one for one in found.quarter.past.incidents if one.escaped]
    entries = tuple(_incident(one, found.quarter, say) for one in escaped)
    nothing = Paragraph("There was none.", Tone.QUIET)
    return Section("incidents", "Incidents in production", (Entries(entries) if entries else nothing,))


def _incident(one: Happened, found: Learning, say: Moments) -> Entry:
    about = [say.day(one.at), *([one.severity] if one.severity else [])]
    about += [found.names.get(one.release, one.release)] if one.release else []
    lesson = one.lesson
    if lesson is None:
        return Entry(Tone.PLAIN, one.title, f"{', '.join(about)}; not reviewed")
    details = [("Difference contributed", _KNOWN[lesson.contributed])]
    details += [("Which", listed(lesson.differences, found.names))] if lesson.differences else []
    details += [("Staging would have caught it", _KNOWN[lesson.would_catch])]
    details += [("Why not", lesson.why_not.replace("_", " "))] if lesson.why_not else []
    details += [("Caused by the release", _KNOWN[lesson.caused_by_release])]
    return Entry(Tone.PLAIN, one.title, ", ".join(about), tuple(details))


_KNOWN = {"yes": "yes", "no": "no", "unknown": "nobody knows"}
