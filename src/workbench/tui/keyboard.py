"""The keyboard: the meanings of keys.py on the keys that this person presses for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from workbench.model.errors import DefinitionError, Problem
from workbench.tui.keys import LABELS, MEANINGS, NEVER_ARRIVE, OPEN_ENDED, SPOKEN, spoken
from workbench.usecases.own_keys import OwnKey, OwnKeys

# What must be where everybody expects it: a person has to find out of every place.
_STAY = frozenset({*OPEN_ENDED, "tab", "shift+tab", "ctrl+p", "q", "ctrl+q"})
STAYS = frozenset(LABELS[key] for key in _STAY)
_BY_LABEL = {meaning.label.casefold(): meaning for meaning in MEANINGS}
_NAMED = re.compile(
    r"(?:(?:ctrl|alt|shift)\+)*(?:[a-z0-9]|f\d\d?|enter|escape|tab|insert|delete|home|end|pageup|pagedown|space|up|down|left|right)"
)
_WRITTEN = {each.casefold(): key for key, each in SPOKEN.items()}


class Keyboard(msgspec.Struct, frozen=True):
    """Which key means what here; ``changed`` holds the meanings that are on another key."""

    changed: Mapping[str, str] = {}

    def key(self, standard: str) -> str:
        """The key to press for what ``standard`` means."""
        return self.changed.get(LABELS.get(standard, ""), standard)

    def spoken(self, standard: str) -> str:
        """The same, as people read it."""
        return spoken(self.key(standard))

    def does_nothing(self, key: str) -> str:
        """What is said of a key that does nothing on a screen, with what it means on others."""
        means = next((f" {label}" for standard, label in LABELS.items() if self.key(standard) == key), "")
        return f"{spoken(key)}{means}: does nothing here · {self.spoken('question_mark')} help"


STANDARD = Keyboard()


def keyboard_of(own: OwnKeys) -> Keyboard:
    """The keyboard with a person's own keys.

    Raises ``DefinitionError`` with every line that names no meaning or no key, or wants a key that
    means something else.
    """
    problems: list[Problem] = []
    changed: dict[str, str] = {}
    for each in own.keys:
        meaning, key = _BY_LABEL.get(each.means.casefold()), _key_of(each.key)
        if meaning is None:
            known = "`workbench keys` lists the meanings"
            problems.append(_problem(own, each, f"no key means “{each.means}”", known))
        elif meaning.label in STAYS:
            problems.append(_problem(own, each, f"“{meaning.label}” stays on its key", "leave it out"))
        elif key is None:
            problems.append(
                _problem(
                    own, each, f"{each.key} is not a key that reaches the app", "such as D, ctrl+g or F5"
                )
            )
        elif key in _STAY:
            problems.append(
                _problem(own, each, f"{spoken(key)} always means “{LABELS[key]}”", "use another key")
            )
        else:
            changed[meaning.label] = key
    problems += _clashes(own, changed)
    if problems:
        raise DefinitionError(sorted(problems, key=lambda problem: problem.line))
    return Keyboard(changed)


def _key_of(written: str) -> str | None:
    """Textual's name of a key as a person writes it; ``None`` for what is no key or never arrives."""
    written = written.strip()
    if written.casefold() in _WRITTEN:
        key = _WRITTEN[written.casefold()]
    elif len(written) == 1 and written.isprintable():
        from textual.keys import _character_to_key

        key = _character_to_key(written)
    else:
        key = written.casefold().replace("page ", "page")
        if not _NAMED.fullmatch(key):
            return None
    return None if key in NEVER_ARRIVE else key


def _clashes(own: OwnKeys, changed: Mapping[str, str]) -> Iterator[Problem]:
    lines = {
        _BY_LABEL[each.means.casefold()].label: each
        for each in own.keys
        if each.means.casefold() in _BY_LABEL
    }
    taken = {key: label for key, label in LABELS.items() if label not in changed}
    for label, key in changed.items():
        if key in taken:
            what = f"{spoken(key)} means “{taken[key]}” already"
            yield _problem(own, lines[label], what, f"move “{taken[key]}” to another key too, or use another")
        taken[key] = label


def _problem(own: OwnKeys, each: OwnKey, what: str, hint: str) -> Problem:
    return Problem(str(own.file), each.line, each.column, what, hint)
