"""What one can do on a screen: one registry behind keys, footer, help and command palette."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from workbench.model.text import safe_text
from workbench.tui.widgets.footer import Hint

if TYPE_CHECKING:
    from textual.screen import Screen

    Base = Screen[Any]
else:
    Base = object

# Keys that terminals send as something else, never send, or that Textual keeps for itself.
IMPOSSIBLE = frozenset(
    {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+space", "ctrl+enter", "ctrl+q", "ctrl+p", "ctrl+c"}
    | {f"ctrl+{digit}" for digit in range(10)}
)
# Keys that move in tables and texts, which have the focus nearly always: they would swallow an action.
MOVING = frozenset({"up", "down", "j", "k", "home", "end", "pageup", "pagedown"})
_SPOKEN = {
    "slash": "/",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "plus": "+",
    "minus": "-",
    "full_stop": ".",
    "comma": ",",
    "pageup": "page up",
    "pagedown": "page down",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def spoken(key: str) -> str:
    """One of Textual's keys as people read it."""
    return _SPOKEN.get(key, key)


class Action(msgspec.Struct, frozen=True):
    """Something a person can do.

    ``key`` is Textual's name of one key, or empty for the palette only; ``label`` one or
    two words for the footer; ``help`` a sentence.  ``modes`` are the screens it belongs to,
    none means everywhere.  ``footer`` > 0 shows it in the footer, the highest longest.
    """

    id: str
    key: str
    label: str
    help: str = ""
    modes: tuple[str, ...] = ()
    footer: int = 0

    def within(self, mode: str) -> bool:
        """Whether it belongs to the screen ``mode``."""
        return not self.modes or mode in self.modes

    @property
    def spoken(self) -> str:
        """The key as people read it."""
        return spoken(self.key)


class KeyLine(msgspec.Struct, frozen=True):
    """A line of the help: key, what it does, and why not now.

    ``short`` says it in one or two words, where it is the same on every screen.
    """

    key: str
    text: str
    reason: str | None = None
    short: str = ""


Available = Callable[[Action], str | None]


class Actions:
    """All actions of the app.  ``ValueError`` when two of them want one key on one screen."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self._actions = tuple(actions)
        self._by_id = {action.id: action for action in self._actions}
        if len(self._by_id) != len(self._actions):
            raise ValueError("two actions have the same id")
        for place, action in enumerate(self._actions):
            if action.key in IMPOSSIBLE:
                raise ValueError(f"{action.id}: the key {action.key} does not arrive")
            if action.key in MOVING:
                raise ValueError(f"{action.id}: the key {action.key} moves the cursor")
            for other in self._actions[:place]:
                if action.key and action.key == other.key and _meet(action, other):
                    raise ValueError(f"{action.id} and {other.id} both want the key {action.key}")

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions)

    def __getitem__(self, id: str) -> Action:
        return self._by_id[id]

    def within(self, mode: str) -> list[Action]:
        """The actions of one screen, its own before those of every screen."""
        own = [action for action in self._actions if action.modes and mode in action.modes]
        return own + [action for action in self._actions if not action.modes]

    def bindings(self, mode: str) -> list[Binding]:
        """Textual's bindings for one screen; each carries the action's id, for remapping."""
        return [
            Binding(action.key, f"do({action.id!r})", action.label, show=False, id=action.id)
            for action in self.within(mode)
            if action.key
        ]

    def hints(self, mode: str, available: Available) -> list[Hint]:
        """What the footer may show, in order of definition."""
        return [
            Hint(action.id, action.spoken, action.label, available(action), action.footer)
            for action in self.within(mode)
            if action.footer
        ]

    def hints_of(self, ids: Iterable[str], available: Available) -> list[Hint]:
        """Hints for some actions, in the order given, wherever they are shown."""
        return [
            Hint(action.id, action.spoken, action.label, available(action), action.footer)
            for action in (self._by_id[id] for id in ids)
        ]

    def key_lines(self, mode: str, available: Available) -> list[KeyLine]:
        """What the help shows."""
        return [
            KeyLine(
                action.spoken,
                action.help or action.label,
                available(action),
                "" if action.modes else action.label,
            )
            for action in self.within(mode)
            if action.key
        ]


def _meet(one: Action, other: Action) -> bool:
    return not one.modes or not other.modes or not set(one.modes).isdisjoint(other.modes)


class Acting(Base):
    """What a screen mixes in to do its actions: ``do_<id>`` methods, called by key, click or palette.

    The screen names its registry and mode, takes ``BINDINGS = ACTIONS.bindings(MODE)``, and
    overrides :meth:`available`.
    """

    ACTIONS: ClassVar[Actions]
    MODE: ClassVar[str]

    def available(self, action: Action) -> str | None:
        """Why ``action`` cannot be done now, in a few words; ``None`` when it can."""
        return None

    def hints(self) -> list[Hint]:
        """Hints for the footer."""
        return self.ACTIONS.hints(self.MODE, self.available)

    def key_lines(self) -> list[KeyLine]:
        """Lines for the help."""
        return self.ACTIONS.key_lines(self.MODE, self.available)

    async def action_do(self, id: str) -> None:
        """Do the action, or say why not."""
        action = self.ACTIONS[id]
        reason = self.available(action)
        if reason is not None:
            self.notify(f"{action.label}: {safe_text(reason, 200)}", markup=False, timeout=4)
            return
        result = getattr(self, f"do_{id}")()
        if result is not None:
            await result


class ActionCommands(Provider):
    """The actions of the screen in the command palette."""

    def _found(self) -> list[Action]:
        screen = self.screen
        return screen.ACTIONS.within(screen.MODE) if isinstance(screen, Acting) else []

    def _run(self, action: Action) -> Callable[[], Any]:
        screen = self.screen
        assert isinstance(screen, Acting)
        return lambda: screen.action_do(action.id)

    def _help(self, action: Action) -> str:
        key = f"  ({action.spoken})" if action.key else ""
        return (action.help or action.label) + key

    async def discover(self) -> Hits:
        for action in self._found():
            yield DiscoveryHit(Content(_title(action)), self._run(action), action.label, self._help(action))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for action in self._found():
            score = max(matcher.match(_title(action)), matcher.match(action.help) * 0.8)
            if score > 0:
                shown = Content(_title(action))
                yield Hit(score, shown, self._run(action), _title(action), self._help(action))


def _title(action: Action) -> str:
    return action.label[:1].upper() + action.label[1:]
