"""Environments as people name them: by key, or by their kind where one alone is of that kind."""

from __future__ import annotations

from workbench.definitions.shapes import EnvironmentKind
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.usecases.context import Context


def environment_named(context: Context, text: str, kept: str | None = None) -> str:
    """The key of the environment that a text means; ``UsageError`` where there is none, or several.

    A project that lists no environments has one of each kind, by the kind's name.
    """
    said = text.strip().casefold()
    listed = context.definitions.project.environments
    keys = [one.key for one in listed] or [kind.value for kind in EnvironmentKind]
    of_kind = [one.key for one in listed if one.kind.value == said]
    if said in keys or (kept and text == kept):
        return said if said in keys else text
    if len(of_kind) == 1:
        return of_kind[0]
    meant = nearest(said, keys)
    hint = f"did you mean {meant}?" if meant and not of_kind else f"known: {', '.join(of_kind or keys)}"
    raise UsageError(f"there is no environment “{text.strip()}”", hint=hint)


def is_staging(context: Context, key: str) -> bool:
    """Whether an environment is the project's staging, or another one of that kind."""
    if not context.definitions.project.environments:
        return key == EnvironmentKind.STAGING.value
    staging, found = context.definitions.staging, context.definitions.environment(key)
    return found is not None and (
        found.kind is EnvironmentKind.STAGING or (staging is not None and staging.key == key)
    )


def is_production(context: Context, key: str) -> bool:
    """Whether an environment is production."""
    found = context.definitions.environment(key)
    if found is None:
        return key == EnvironmentKind.PRODUCTION.value
    return found.kind is EnvironmentKind.PRODUCTION
