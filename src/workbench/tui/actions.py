"""What one can do on a screen: one list behind keys, footer, help and command palette."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from textual.binding import Binding

from workbench.tui.keyboard import STANDARD, Keyboard
from workbench.tui.keys import LABELS, MEANINGS, label_of
from workbench.tui.shapes import shape_of
from workbench.tui.widgets.footer import Hint

if TYPE_CHECKING:
    from textual.screen import Screen

    Base = Screen[Any]
else:
    Base = object

# The app binds these itself, before any screen.
OF_THE_APP = frozenset({"ctrl+p", "ctrl+q"})
# Keys that move in tables and texts, which have the focus nearly always: they would swallow an action.
_MOVES = ("up", "down", "left", "right", "first", "last", "page up", "page down")
MOVING = frozenset(key for key, label in LABELS.items() if label in _MOVES)


class Action(msgspec.Struct, frozen=True):
    """Something a person can do.

    ``key`` is Textual's name of one key, or empty for the palette only; ``help`` a sentence.
    ``footer`` > 0 shows it in the footer, the highest longest.  The screen does it in
    ``do_<id>``, or in ``do_<does>`` where several actions are done alike; ``about`` is then
    what tells them apart.  ``own_label`` is for ``enter``, ``esc`` and what has no key.
    ``shared`` is what many screens do alike: the help names it in a word or two.
    """

    id: str
    key: str
    help: str
    footer: int = 0
    does: str = ""
    about: str = ""
    own_label: str = ""
    shared: bool = False

    def __post_init__(self) -> None:
        label_of(self.key, self.own_label)

    @property
    def label(self) -> str:
        """One or two words for the footer: what the key means, on every screen."""
        return label_of(self.key, self.own_label)


class KeyLine(msgspec.Struct, frozen=True):
    """A line of the help: key, what it does, and why not now.

    ``short`` says it in one or two words, where it is the same on every screen; ``command`` is the
    command of the command line that does it.
    """

    key: str
    text: str
    reason: str | None = None
    short: str = ""
    command: str = ""


WhyNot = Callable[[Action], str | None]


class Actions:
    """The actions of one screen: its ``own``, and those of every screen.

    ``ValueError`` when two of them have one id or want one key.
    """

    def __init__(self, own: Iterable[Action], everywhere: Iterable[Action] = ()) -> None:
        self.own = tuple(own)
        self.everywhere = tuple(everywhere)
        self._by_id: dict[str, Action] = {}
        keys: dict[str, str] = {}
        for action in self:
            if action.id in self._by_id:
                raise ValueError(f"two actions have the id {action.id}")
            if action.key in OF_THE_APP:
                raise ValueError(f"{action.id}: the key {action.key} is one that the app keeps")
            if action.key in MOVING:
                raise ValueError(f"{action.id}: the key {action.key} moves the cursor")
            if action.key in keys:
                raise ValueError(f"{keys[action.key]} and {action.id} both want the key {action.key}")
            self._by_id[action.id] = action
            if action.key:
                keys[action.key] = action.id

    def __iter__(self) -> Iterator[Action]:
        return iter((*self.own, *self.everywhere))

    def __getitem__(self, id: str) -> Action:
        return self._by_id[id]

    def __contains__(self, id: str) -> bool:
        return id in self._by_id

    def bindings(self) -> list[Binding]:
        """Textual's bindings; each carries what its key means, by which a person puts it on another key."""
        return [
            Binding(
                ",".join(keys_of(action.key)),
                f"do({action.id!r})",
                action.label,
                show=False,
                tooltip=action.help,
                id=action.label,
            )
            for action in self
            if action.key
        ]

    def hints(self, why_not: WhyNot, keyboard: Keyboard) -> list[Hint]:
        """What the footer may show, in order of definition."""
        return [_hint(action, why_not, keyboard) for action in self if action.footer]

    def hints_of(self, ids: Iterable[str], why_not: WhyNot, keyboard: Keyboard) -> list[Hint]:
        """Hints for some actions, in the order given, wherever they are shown."""
        return [_hint(self[id], why_not, keyboard) for id in ids]

    def key_lines(self, why_not: WhyNot, keyboard: Keyboard) -> list[KeyLine]:
        """What the help shows."""
        return [
            KeyLine(
                keyboard.spoken(action.key),
                action.help or action.label,
                None if action.shared else why_not(action),
                "" if action in self.own and not action.shared else action.label,
                shape_of(action.id),
            )
            for action in self
            if action.key
        ]


def keys_of(key: str) -> list[str]:
    """The keys of an action: its own and the further ones that mean the same; none without a key."""
    also = next((meaning.also for meaning in MEANINGS if meaning.key == key), ())
    return [each for each in (key, *also) if each and each not in OF_THE_APP]


def _hint(action: Action, why_not: WhyNot, keyboard: Keyboard) -> Hint:
    return Hint(action.id, keyboard.spoken(action.key), action.label, why_not(action), action.footer)


class Acting(Base):
    """What a screen mixes in to do its actions: ``do_<id>`` methods, called by key, click or palette.

    The screen names its actions, takes ``BINDINGS = ACTIONS.bindings()``, and overrides
    :meth:`why_not`.
    """

    ACTIONS: ClassVar[Actions]

    def why_not(self, action: Action) -> str | None:
        """Why ``action`` cannot be done now, in a few words; ``None`` when it can."""
        return None

    @property
    def keyboard(self) -> Keyboard:
        """The keys that this person presses."""
        return getattr(self.app, "keyboard", STANDARD)

    def hints(self) -> list[Hint]:
        """Hints for the footer."""
        return self.ACTIONS.hints(self.why_not, self.keyboard)

    def key_lines(self) -> list[KeyLine]:
        """Lines for the help."""
        return self.ACTIONS.key_lines(self.why_not, self.keyboard)

    async def action_do(self, id: str) -> None:
        """Do the action, or say why not."""
        action = self.ACTIONS[id]
        reason = self.why_not(action)
        if reason is not None:
            self.notify(
                f"{self.keyboard.spoken(action.key)} {action.label}: {reason}".strip(), severity="warning"
            )
            return
        do = getattr(self, f"do_{action.does or id}")
        waiting = do(action.about) if action.about else do()
        if waiting is not None:
            await waiting
