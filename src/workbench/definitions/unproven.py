"""Sources that nobody has tried against the real thing: until a team has compared them, they stop no release."""

from __future__ import annotations

from typing import Any

from workbench.definitions.shapes import Source
from workbench.definitions.telling import Tell
from workbench.definitions.text_checks import did_you_mean, quoted
from workbench.model.kinds import Kinds

AGAINST = {"contract": "what its maker publishes", "fixtures": "examples in its documentation"}
COMPARE = "compare an answer with what its own page shows, then write how into the source: checked: …"


def unproven(source: Source, kinds: Kinds) -> str:
    """Why what a source answers is advisory, in words; "" where it was tried, or the team says that it compared."""
    if _says_how(source.checked):
        return ""
    named: dict[str, Any] = {
        f"recipe {source.recipe}": kinds.get("recipes", {}).get(source.recipe) if source.recipe else None,
        f"kind {source.kind}": kinds.get("sources", {}).get(source.kind),
    }
    for name, thing in named.items():
        if thing is not None and thing.unproven:
            return f"its source is unproven: {name} was tried only against {AGAINST[str(thing.proof)]}"
    return ""


def _says_how(text: str) -> bool:
    """Whether a text tells how somebody compared: a blank, “yes” and “ok” do not."""
    return sum(map(str.isalpha, text)) > 4


def check_source(source: Source, kinds: Kinds, tell: Tell) -> None:
    """Tell a recipe that there is not, or that asks through another kind; and a comparison that nobody can retrace."""
    if source.checked and not _says_how(source.checked):
        tell("checked", "it does not say how the answers were compared", COMPARE)
    if not source.recipe:
        return
    recipes = kinds.get("recipes", {})
    found: Any = recipes.get(source.recipe)
    if found is None:
        hint = did_you_mean(source.recipe, recipes) or "workbench source list shows them"
        tell("recipe", f"there is no recipe {quoted(source.recipe)}", hint)
    elif found.kind != source.kind and source.kind:
        tell(
            "recipe",
            f"the recipe {source.recipe} asks through a source of kind {found.kind}",
            f"kind: {found.kind}",
        )
