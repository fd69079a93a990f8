"""DORA's five over all projects and of each, in words."""

from __future__ import annotations

from workbench.learning.figure import Figure
from workbench.usecases.fleet.together import Fleet, of_all, of_each
from workbench.usecases.views.figure_words import NOTHING, TOO_FEW, count_text, facts_of, value_text
from workbench.usecases.views.marks import Fact


def figure_mark_words(figure: Figure) -> tuple[str, str]:
    """A figure's count, and its value with its interval."""
    return count_text(figure), value_text(figure)


class Delivery:
    """DORA's five over all projects and of each, worked out once, in words."""

    def __init__(self, fleet: Fleet) -> None:
        found = of_all(fleet)
        self.together = found.figures if found is not None else ()
        self._each, self._names = of_each(fleet), _names(fleet)

    def facts(self, key: str) -> list[Fact]:
        """A figure over all projects, and of each that has anything to count."""
        figure = next((one for one in self.together if one.key == key), None)
        if figure is None:
            return []
        told = facts_of(figure, self._names)
        facts = [fact for fact in told if fact.label not in ("Counted", "The others")]
        for each in self._each:
            own = next(one for one in each.figures if one.key == key)
            if own.numerator or (own.denominator and own.unit != "per week"):
                facts.append(Fact(each.name, ", ".join(figure_mark_words(own))))
        return facts


def is_certain(figure: Figure) -> bool:
    """Whether there is enough to say what it is worth."""
    return value_text(figure) not in (TOO_FEW, NOTHING)


def _names(fleet: Fleet) -> dict[str, str]:
    """What people call each thing that a figure over all projects names."""
    found: dict[str, str] = {}
    for project in fleet.judged:
        told = project.delivered
        for release in (told.whole_releases or told.releases) if told else ():
            found[f"{project.root}:{release.id}"] = f"{project.name} {release.version}"
    return found
