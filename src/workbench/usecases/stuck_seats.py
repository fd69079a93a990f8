"""Gates of open releases that nobody can sign for the build that is proposed, whoever is listed in the files."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.releases.model import Outcome, all_releases
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate


def stuck(context: Context) -> Iterator[str]:
    """Each such gate in words: ``go of 2.0.0 rc1 cannot be signed: …``.

    The check of the files knows neither who wrote a build nor who has signed what; this looks at both.
    """
    for held in all_releases(context.record):
        if held.release.outcome is not Outcome.OPEN or held.candidate is None:
            continue
        for concluded in evaluate(context, held.release.version).gates:
            short = dict.fromkeys(role.short for role in concluded.roles if role.missing and role.short)
            if short:
                yield f"{concluded.key} of {held.title} cannot be signed: {'; '.join(short)}"
