"""What was learnt, in words: the lines that the command, the screen and the printed page show.

A figure is told as a count with its denominator; as a share with its interval only where ten releases or more stand
behind it, and ten things or more are counted.  Nothing here has a colour: no figure passes or fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from workbench.learning import delivery, staging
from workbench.learning.answers import answers
from workbench.learning.differences import Hurt, Spent, hurting
from workbench.learning.fidelity import Fidelity, fidelity
from workbench.learning.figure import ENOUGH, Figure
from workbench.learning.holding_up import BY, By, Hours, held_up, total
from workbench.learning.investing import Advice, Prevented, advice, prevented
from workbench.learning.limits import Limit, limits
from workbench.learning.months import Month, by_month
from workbench.learning.past import Past
from workbench.model.quantity import find_unit, grouped, show_in, with_unit
from workbench.model.text import capitalised, number_of
from workbench.model.times import age_text
from workbench.usecases.answer_times import Typical, days_text, typical
from workbench.usecases.context import Context
from workbench.usecases.learning import Learnt, learn
from workbench.usecases.learning_measured import FROZEN
from workbench.usecases.predictions import calibration
from workbench.usecases.views.figure_words import (
    NOTHING,
    TOO_FEW,
    between,
    count_text,
    facts_of,
    hours_text,
    listed,
    sentence,
    short,
    span_text,
    value_text,
)
from workbench.usecases.views.marks import Fact, Mark, Phrase


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: ``count`` and ``value`` are short, ``words`` say all of it in sentences.

    ``facts`` are what a reader of the line alone sees: what it counts, how sure it is, what it rests on, what it
    leaves out.  ``span`` draws a share and its interval; what is not ``certain`` is too few to say.  ``opens`` is the noun and the id of what it is about, "" where it is about many things.
    """

    key: str
    section: str
    title: str
    count: str = ""
    value: str = ""
    note: str = ""
    words: str = ""
    facts: tuple[Fact, ...] = ()
    span: str = ""
    certain: bool = True
    mark: Mark | None = None
    opens: str = ""


class Learning(msgspec.Struct, frozen=True, kw_only=True):
    """All that was learnt: figures, tables, and the lines that tell them by section."""

    past: Past
    period: str
    ended: int
    staging: tuple[Figure, ...]
    delivery: tuple[Figure, ...]
    months: tuple[Month, ...]
    hurting: tuple[Hurt, ...]
    limits: tuple[Limit, ...]
    held: Mapping[By, tuple[Hours, ...]]
    held_total: Hours
    fidelity: tuple[Fidelity, ...]
    reviews: tuple[Figure, ...]
    predictions: tuple[Figure, ...]
    answers: tuple[Typical, ...]
    advice: Advice
    prevented: Prevented
    names: Mapping[str, str]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (*self.staging, *self.delivery)

    def figure(self, key: str) -> Figure:
        """The figure of that key."""
        return next(one for one in self.figures if one.key == key)


SECTIONS = {
    "staging": "How far staging can be trusted",
    "delivery": "Delivery",
    "investing": "Investing in staging",
    "differences": "Differences that hurt",
    "reviews": "What reviews say was lacking",
    "limits": "Limits",
    "held": "What held releases up",
    "predictions": "Predictions",
    "answers": "How long answers took",
    "months": "Month by month",
    "fidelity": "Scores of staging, and trouble in production",
}
HEADS = {
    "staging": ("Counted", "Share", ""),
    "delivery": ("Counted", "Value", ""),
    "investing": ("Counted", "Cost, or tolerated", ""),
    "differences": ("Of all reviewed", "Contributed to", "Cost"),
    "reviews": ("Counted", "Share", ""),
    "limits": ("Releases that failed", "Limit", "Because"),
    "held": ("Releases", "Time", "Told"),
    "predictions": ("Were right", "Share", ""),
    "answers": ("Answers", "First answer", "Decision"),
    "months": ("Staging was right", "Beside", "Cost"),
    "fidelity": ("Releases", "Median", "By chance"),
}
"""What the count, the value and the note of a line are, by section."""


def read_learning(context: Context) -> Learning:
    """Everything, of all that ever happened."""
    return learning_of(learn(context))


def learning_of(learnt: Learnt) -> Learning:
    """Every figure of what happened, worked out."""
    reading = learnt.reading
    return Learning(
        past=reading.past,
        period=learnt.period.key if learnt.period else "",
        ended=len(reading.ended),
        staging=staging.figures(reading),
        delivery=delivery.figures(reading),
        months=by_month(reading),
        hurting=hurting(reading),
        limits=limits(reading),
        held={by: held_up(reading, by) for by in BY},
        held_total=total(reading),
        fidelity=fidelity(reading),
        reviews=answers(reading),
        predictions=tuple(one for one in calibration(learnt.predicted) if one.denominator or one.left),
        answers=(*typical(learnt.answered, "role"), *typical(learnt.answered, "person")),
        advice=advice(reading),
        prevented=prevented(reading),
        names={
            **names_of(reading.whole),
            **{one.id: f"{one.prediction.title} for {one.version}" for one in learnt.predicted},
        },
    )


def names_of(past: Past) -> dict[str, str]:
    """What people call each thing that a figure counts, by its id."""
    versions = {one.id: one.version for one in past.releases}
    tests = {one.id: f"{one.source} for {versions.get(one.release, one.release)}" for one in past.tests}
    stops = {
        one.id: f"{one.title or one.part} for {versions.get(one.release, one.release)}" for one in past.stops
    }
    return {
        **versions,
        **{one.id: one.title for one in past.incidents},
        **tests,
        **stops,
        **{one.id: f"drill of {one.runbook}" for one in past.drills},
        **dict(past.differences),
    }


# --- the lines ---------------------------------------------------------------------------------


def lines_of(found: Learning) -> tuple[Line, ...]:
    """Every line, section by section."""
    return (
        *(_figure("staging", one, found) for one in found.staging),
        *(_figure("delivery", one, found) for one in found.delivery),
        *_investing(found),
        *(_hurt(one, found) for one in found.hurting),
        *(_figure("reviews", one, found) for one in found.reviews),
        *_limits(found),
        *_held(found),
        *(_figure("predictions", one, found) for one in found.predictions),
        *(_answers(one) for one in found.answers),
        *(_month(one, found) for one in reversed(found.months)),
        *(_fidelity(one, found) for one in found.fidelity),
    )


def _answers(one: Typical) -> Line:
    """How long a role or a person took to answer, in their own working days."""
    return Line(
        key=f"answers/{one.by}/{one.who}",
        section="answers",
        title=one.who.replace("-", " "),
        count=f"{one.answers:,}",
        value=days_text(one.first),
        note=days_text(one.decided) if one.decided is not None else "no decision yet",
        words=f"{capitalised(one.words)}, in working hours of whoever was asked.",
        facts=(
            Fact("First answer", f"{days_text(one.first)}, median of {one.answers}"),
            Fact(
                "Decision",
                f"{days_text(one.decided)}, median of {one.decisions}"
                if one.decided is not None
                else "none yet",
            ),
            Fact(
                "Counts",
                "from being asked, or from the day on which somebody else opened sign-off; what was sent back stands still until it is handed back",
            ),
        ),
    )


def summary(found: Learning) -> list[Phrase]:
    """What staging was right about, and how much there is to go by."""
    told = found.figure("right")
    parts = [Phrase(right_words(told))] if told.denominator else []
    watched = len(found.past.releases) - found.ended
    parts.append(Phrase(f"{number_of(found.ended, 'release')} watched to the end", aside=bool(parts)))
    return [*parts, Phrase(f"{watched} still watched", aside=True)] if watched else parts


def right_words(figure: Figure) -> str:
    """``staging was right about 9 of 11 releases (52–95 %)``, or that these are too few to say."""
    told = f"staging was right about {figure.numerator} of {number_of(figure.denominator, 'release')}"
    if figure.too_few or figure.interval is None:
        return f"{told}, {TOO_FEW}"
    return f"{told} ({between(*figure.interval, figure)})"


def _figure(section: str, figure: Figure, found: Learning) -> Line:
    left = sum(len(one.ids) for one in figure.left)
    return Line(
        key=f"{section}/{figure.key}",
        section=section,
        title=figure.title,
        count=count_text(figure),
        value=value_text(figure),
        note=f"{left} left out" if left else "",
        span=span_text(figure),
        certain=value_text(figure) not in (TOO_FEW, NOTHING),
        words=sentence(figure),
        facts=facts_of(figure, found.names),
    )


def _investing(found: Learning) -> Iterable[Line]:
    told = advice_words(found.advice)
    yield Line(
        key="investing/advice",
        section="investing",
        title=_ADVICE[found.advice.what],
        count=number_of(len(found.advice.incidents), "incident") if found.advice.within else "",
        value=f"{found.advice.tolerated} in {age_text(found.advice.within)}" if found.advice.within else "",
        words=told,
        facts=(Fact("Advice", told), *_counted(found.advice.incidents, found)),
    )
    saved = found.prevented
    yield Line(
        key="investing/prevented",
        section="investing",
        title="Better fidelity would have saved",
        count=f"{len(saved.incidents)} of {number_of(len(saved.of), 'incident')}",
        value=spent_text(saved.spent),
        words=prevented_words(saved),
        facts=(Fact("Counts", prevented_words(saved)), *_counted(saved.incidents, found)),
    )


_ADVICE = {
    "hold": "Hold: no more incidents than tolerated",
    "invest": "Invest: more incidents than tolerated",
    "unknown": "Nobody has said how many incidents are tolerated",
    "early": "Too early to say whether to hold",
}


def advice_words(found: Advice) -> str:
    """Whether to invest, and why."""
    if found.what == "unknown":
        return (
            "Say in workbench.yaml how many the team can live with: tolerates: {incidents: 2, within: 90d}."
        )
    counted = (
        f"{number_of(len(found.incidents), 'incident')} in production in the last {age_text(found.within)}"
    )
    limit = f"{found.tolerated} are tolerated"
    match found.what:
        case "hold":
            return f"{counted}, {limit}: keep staging as it is rather than invest in more fidelity."
        case "invest":
            return f"{counted}, {limit}: invest in the differences that hurt."
        case _:
            return f"{counted}, {limit}; but the first release went out later than that began."


def prevented_words(found: Prevented) -> str:
    """What differences have cost, and what of that nobody said."""
    told = (
        f"{number_of(len(found.incidents), 'incident')} in production to which a difference contributed, "
        f"of {len(found.of)}: {spent_text(found.spent)}"
    )
    if found.tests:
        told += f"; {number_of(len(found.tests), 'test run')} failed because of one: {spent_text(found.tests_spent)}"
    silent = len(found.spent.silent) + len(found.tests_spent.silent)
    if silent:
        told += f"; of {silent} nobody said what they cost"
    if found.not_reviewed:
        told += f"; {len(found.not_reviewed)} not reviewed"
    return f"{told}."


def spent_text(spent: Spent) -> str:
    """``12 h, 400 EUR``."""
    parts = [f"{short(float(spent.hours))} h"] if spent.hours else []
    parts += [f"{grouped(format(one.amount.normalize(), 'f'))} {one.currency}" for one in spent.money]
    return ", ".join(parts) or "no cost recorded"


def _counted(ids: Sequence[str], found: Learning) -> tuple[Fact, ...]:
    return (Fact("Counted", listed(ids, found.names)),) if ids else ()


def _hurt(one: Hurt, found: Learning) -> Line:
    parts = [number_of(len(one.incidents), "incident")] if one.incidents else []
    parts += [number_of(len(one.tests), "failed test")] if one.tests else []
    return Line(
        key=f"differences/{one.difference}",
        section="differences",
        title=one.title,
        count=count_text(one.share),
        value=", ".join(parts),
        note=spent_text(one.spent),
        words=f"{one.title} contributed to {' and '.join(parts)}: {spent_text(one.spent)}.",
        facts=(Fact("Cost", spent_text(one.spent)), *facts_of(one.share, found.names)),
        opens=f"difference/{one.difference}",
    )


def _limits(found: Learning) -> Iterable[Line]:
    if found.past.too_many:
        yield Line(
            key="limits/",
            section="limits",
            title=f"{found.past.too_many:,} measured values are too many to look back on",
            words="Too many values were measured to look back on all of them; workbench what-if KEY looks at one benchmark.",
        )
    for one in found.limits:
        yield Line(
            key=f"limits/{one.benchmark.key}",
            section="limits",
            title=one.benchmark.title,
            count=count_text(one.failing),
            value=one.fit if one.fit != "too few" else TOO_FEW,
            note=evidence(one),
            words=f"{one.benchmark.title}: {one.fit if one.fit != 'too few' else TOO_FEW}; {evidence(one)}.",
            facts=_limit_facts(one, found),
            mark=Mark.WARNS
            if one.failing.rests_on >= ENOUGH and one.fit in ("too loose", "too tight")
            else None,
            opens=f"benchmark/{one.benchmark.key}",
        )


def evidence(one: Limit) -> str:
    """What says that a limit fits or does not."""
    parts = [f"{count_text(one.failing)} releases failed"] if one.failing.denominator else []
    parts += [number_of(len(one.false_alarms), "false alarm")] if one.false_alarms else []
    parts += [f"{len(one.catches)} catch{'es' if len(one.catches) > 1 else ''}"] if one.catches else []
    parts += [f"{number_of(len(one.missed), 'release')} in trouble met it"] if one.missed else []
    return ", ".join(parts)


def suggestion(one: Limit) -> str:
    """The limit that the past would have wanted, as a command to try; "" where it wants none."""
    if one.would is not None and one.fit == "too loose":
        sign = "<=" if one.benchmark.better == "lower" else ">="
        limit = f"{sign} {with_unit(str(one.would), find_unit(one.benchmark.unit))}"
        return f"workbench what-if {one.benchmark.key} --pass '{limit}'"
    if one.fit == "too tight" and one.worst_that_stood is not None:
        sign = "<=" if one.benchmark.better == "lower" else ">="
        limit = f"{sign} {with_unit(str(one.worst_that_stood), find_unit(one.benchmark.unit))}"
        return f"workbench what-if {one.benchmark.key} --pass '{limit}'"
    return ""


def _limit_facts(one: Limit, found: Learning) -> tuple[Fact, ...]:
    facts = [Fact("Limit today", one.benchmark.limit)] if one.benchmark.limit else []
    facts.append(Fact("Because", capitalised(evidence(one)) or "no release was judged"))
    if one.missed:
        facts.append(Fact("Met it, in trouble", listed(one.missed, found.names)))
    if one.false_alarms:
        facts.append(Fact("False alarms", listed(one.false_alarms, found.names)))
    if one.catches:
        facts.append(Fact("Catches", listed(one.catches, found.names)))
    if tried := suggestion(one):
        facts += [Fact("The past would have wanted", _would_words(one, found)), Fact("Try", tried)]
    return (*facts, *facts_of(one.failing, found.names))


def _would_words(one: Limit, found: Learning) -> str:
    """What the suggested limit would have done on the releases that were watched to the end."""
    stood = f"none of {number_of(len(one.stood), 'release')} that stood"
    if not one.would_stop:
        return f"a limit that stops {stood}"
    return f"a limit that stops {listed(one.would_stop, found.names)}, and {stood}"


_BY_WORDS: Mapping[By, str] = {
    "cause": "by cause",
    "part": "by requirement",
    "source": "by source",
    "team": "by team",
}


def _held(found: Learning) -> Iterable[Line]:
    every = found.held_total
    if not every.releases:
        return
    yield _held_line("held/", "Altogether", "", every, found)
    titles = {each.part: each.title for each in found.past.held if each.part != FROZEN}
    for by in BY:
        for one in found.held[by]:
            if one.name or by == "team":
                name = titles.get(one.name, one.name) if by == "part" else one.name
                yield _held_line(f"held/{by}/{one.name}", name or "nobody named", _BY_WORDS[by], one, found)


def _held_line(key: str, title: str, by: str, one: Hours, found: Learning) -> Line:
    said = f"{number_of(len(one.releases), 'release')}{', still going on' if one.going_on else ''}"
    names = {each.id: each.title for each in found.past.held}
    return Line(
        key=key,
        section="held",
        title=title,
        count=said,
        value=hours_text(one.hours),
        note=by,
        words=f"{title}: {hours_text(one.hours)}, {said}.",
        facts=(
            Fact("Hours of the clock", f"{hours_text(one.hours)}; what overlaps for one release counts once"),
            Fact("Releases", listed(one.releases, _every_version(found))),
            Fact("What", listed(tuple(dict.fromkeys(names.get(id) or id for id in one.ids)), {})),
        ),
    )


def _every_version(found: Learning) -> Mapping[str, str]:
    return {**found.names, **{one.release: one.version for one in found.past.held if one.version}}


def _month(one: Month, found: Learning) -> Line:
    right, missed, alarms, tests = one.figures
    named = {"missed faults": missed, "false alarms": alarms, "red in staging alone": tests}
    parts = [f"{name} {count_text(each)}" for name, each in named.items() if each.denominator]
    hours = [f"{short(float(one.alarm_hours))} h of false alarms"] if one.alarm_hours else []
    hours += (
        [f"{spent_text(one.missed_spent)} of missed faults"]
        if one.missed_spent.hours or one.missed_spent.money
        else []
    )
    return Line(
        key=f"months/{one.key}",
        section="months",
        title=one.key,
        count=count_text(right),
        value=", ".join(parts) or NOTHING,
        note=", ".join(hours),
        words=f"{one.key}: {right_words(right)}; {', '.join((*parts, *hours)) or NOTHING}.",
        facts=tuple(
            fact for each in one.figures for fact in (Fact(each.title, sentence(each)), *_named(each, found))
        ),
    )


def _named(figure: Figure, found: Learning) -> tuple[Fact, ...]:
    return _counted(figure.ids, found)


def _fidelity(one: Fidelity, found: Learning) -> Line:
    unit = find_unit(one.score.unit)
    well = show_in(one.median_well, unit) if one.median_well is not None else "–"
    bad = show_in(one.median_trouble, unit) if one.median_trouble is not None else "–"
    return Line(
        key=f"fidelity/{one.score.key}",
        section="fidelity",
        title=one.score.title,
        count=f"{len(one.well)} well, {len(one.trouble)} in trouble",
        value=TOO_FEW if one.too_few else f"{well} well, {bad} in trouble",
        note="" if one.too_few or one.p is None else f"{100 * one.p:.0f} %",
        words=f"{one.score.title}: median {well} at releases that did well, {bad} at those in trouble.",
        facts=(
            Fact("Median where it went well", f"{well} over {number_of(len(one.well), 'release')}"),
            Fact("Median where there was trouble", f"{bad} over {number_of(len(one.trouble), 'release')}"),
            Fact(
                "By chance",
                f"{100 * one.p:.0f} % of the time, at least such a difference"
                if one.p is not None
                else "cannot be told",
            ),
            Fact("Well", listed([id for id, _ in one.well], found.names)),
            Fact("In trouble", listed([id for id, _ in one.trouble], found.names)),
        ),
        opens=f"benchmark/{one.score.key}",
    )
