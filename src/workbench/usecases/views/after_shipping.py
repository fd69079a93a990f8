"""What is known of releases beside their gates: how they are watched, what was predicted, what was passed over, what CI asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from workbench.gates.askings import askings
from workbench.gates.predictions import Score
from workbench.gates.skipped import should_have_been, was_in_staging
from workbench.model.times import moment_text
from workbench.releases.model import all_releases
from workbench.usecases.context import Context
from workbench.usecases.predictions import read_predictions
from workbench.usecases.views.askings import summary_words
from workbench.usecases.views.break_glass import read_break_glass
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.watch import MARKS, Watched, all_watched

SCORES = {
    Score.RIGHT: Mark.DONE,
    Score.WRONG: Mark.BLOCKS,
    Score.HOLDS: Mark.UNDER_WAY,
    Score.WAITS: Mark.OPEN,
    Score.UNKNOWN: Mark.LEARNING,
}


def read_after(context: Context) -> Mapping[str, tuple[Fact, ...]]:
    """Of each release, by its id, what there is to say."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for watched in all_watched(context):
        found[watched.id] += _watching(watched, context)
    for line in read_break_glass(context):
        open_ = ", ".join(one.title for one in line.value.skipped[:4])
        more = f" and {len(line.value.skipped) - 4} more" if len(line.value.skipped) > 4 else ""
        found[line.value.release] += [
            Fact(
                "Break-glass",
                f"{line.value.by}: {line.value.reason}; open then: {open_}{more}",
                Mark.EXCEPTED,
            ),
            Fact("Its review", line.review, line.mark),
        ]
    for one in read_predictions(context):
        states = f"{one.prediction.title} {one.prediction.states} until {moment_text(one.prediction.until, context.zone)}"
        found[one.prediction.release].append(
            Fact("Predicted", f"{states}: {one.score.value}, {one.why}", SCORES[one.score])
        )
    asked = askings(context.record)
    for held in all_releases(context.record):
        mine = [one for one in asked if one.release == held.release.version]
        if mine:
            mark = Mark.WARNS if any(one.went_on for one in mine) else Mark.DONE
            found[held.id].append(Fact("Asked", summary_words(mine), mark))
        if should_have_been(held) and not was_in_staging(context.record, held, context.definitions.project):
            skipped = "nothing of this build was measured before production"
            found[held.id].append(Fact("Skipped staging", skipped, Mark.WARNS))
    return {ident: tuple(facts) for ident, facts in found.items()}


def _watching(watched: Watched, context: Context) -> list[Fact]:
    until = moment_text(watched.until, context.zone)
    worst = Mark.BLOCKS if watched.holding else Mark.UNDER_WAY
    facts = [Fact("Watched", f"until {until}: {watched.words}", worst)]
    facts += [
        Fact("Roll back if", f"{one.title}: {one.state.value}, {one.why}", MARKS[one.state])
        for one in watched.criteria
    ]
    return facts
