"""The figures of the parity map in words.  They count and name; the parity statement judges."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.definitions.shapes import Severity
from workbench.model.text import number_of
from workbench.notes.model import Gap, Parity
from workbench.notes.moments import Moments
from workbench.parity import words
from workbench.parity.decisions import Decision

EMPTY = (
    "The parity map is empty: no one has recorded how staging differs from production. "
    "That does not mean there are no differences."
)
UNJUDGED = (
    "These are counts and names. No one has assessed, for this release, how reliable staging's tests are, "
    "how realistic its data is, or how smoothly it deploys."
)
NAMED = 12


def statement(parity: Parity, gaps: Sequence[Gap], say: Moments, *, judged: bool = False) -> tuple[str, ...]:
    """The paragraphs that the map's figures and its high-severity differences give.

    Unless it is ``judged`` beside them, they say that nobody has said what follows from it.
    """
    if not parity.total:
        return (EMPTY, _review(parity, say))
    high = [gap for gap in gaps if gap.severity is Severity.HIGH]
    open_ = [gap for gap in high if still_open(gap)]
    decided = [gap for gap in high if not still_open(gap)]
    paragraphs = [_figures(parity)]
    if open_:
        paragraphs.append(f"High severity, undecided: {_named(open_, say)}.")
    if decided:
        paragraphs.append(f"High severity, decided: {_named(decided, say)}.")
    if not high:
        paragraphs.append("None of them is high severity.")
    return (*paragraphs, _review(parity, say), *(() if judged else (UNJUDGED,)))


def still_open(gap: Gap) -> bool:
    """Whether somebody must still decide about a gap."""
    return gap.ended or gap.overtaken or bool(gap.lacks) or gap.decision is Decision.UNDECIDED


def decision_words(gap: Gap, say: Moments) -> str:
    """What was decided, with its end: ``accepted until 1 Dec 2026``."""
    end = say.day(gap.until) if gap.until else ""
    return words.decision_words(
        gap.decision, end, gap.ended, gap.overtaken, gap.changes, gap.lacks, gap.up_to
    )


def _figures(parity: Parity) -> str:
    ways = number_of(parity.total, "known way")
    severities = ", ".join(f"{count.number} {count.of}" for count in parity.by_severity if count.number)
    areas = ", ".join(f"{count.of} {count.number}" for count in parity.by_category if count.number)
    text = f"Staging differs from production in {ways} ({severities}); by area: {areas}."
    if parity.no_matter:
        text += f" {parity.no_matter} of them {'is' if parity.no_matter == 1 else 'are'} irrelevant."
    if parity.undecided:
        text += f" {parity.undecided} {'is' if parity.undecided == 1 else 'are'} undecided."
    return text


def _named(gaps: Sequence[Gap], say: Moments) -> str:
    named = "; ".join(_one(gap, say) for gap in gaps[:NAMED])
    return f"{named}; and {len(gaps) - NAMED} more" if len(gaps) > NAMED else named


def _one(gap: Gap, say: Moments) -> str:
    about = [f"{gap.staging} in staging"] if gap.staging else []
    about += [f"{gap.production} in production"] if gap.production else []
    if gap.flows:
        about.append(f"affects {', '.join(gap.flows)}")
    words = f" ({', '.join(about)})" if about else ""
    return f"{gap.title}{words}" + (
        "" if gap.decision is Decision.UNDECIDED else f", {decision_words(gap, say)}"
    )


def _review(parity: Parity, say: Moments) -> str:
    if parity.reviewed_by is None or parity.reviewed_at is None:
        return "The map has not been reviewed for this release."
    text = f"{parity.reviewed_by} reviewed the map for this release on {say.day(parity.reviewed_at)}"
    changed = parity.changed_since
    if not changed:
        return f"{text}; nothing on it has changed since."
    return f"{text}; {changed} {'difference is' if changed == 1 else 'differences are'} new or changed since."
