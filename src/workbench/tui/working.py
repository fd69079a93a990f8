"""What forms and jobs need of the screen that opened them, and of the app around it.

They are written against this and not against the screens, which open them: so neither
knows the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from textual.app import App

from workbench.model.errors import Problem, WorkbenchError
from workbench.tui.command_line import Complete, Typed
from workbench.tui.desk import Desk, View
from workbench.tui.widgets.status import Messages
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation

if TYPE_CHECKING:
    from workbench.tui.sharing import Sharing
    from workbench.tui.visiting import Visit
    from workbench.usecases.finding import Things
    from workbench.usecases.sharing.keeping_up import Standing
    from workbench.usecases.sitting import Place

P = ParamSpec("P")
T = TypeVar("T")


class Workbench(Protocol):
    """The app: the desk, the view that all screens share, and how both are kept true."""

    desk: Desk
    view: View
    typed: Typed
    complete: Complete | None
    sitting_from: int
    """The ledger's last entry when the app was opened: what stands behind it belongs to this sitting."""
    broken: Problem | None
    messages: Messages

    touched: bool
    """Whether a key was pressed since the app was opened."""
    places: dict[str, Place]
    """Where this person stood the last time, by screens that they have not seen yet."""
    things: Things | None
    """All that can be found, as it was last read."""
    answers: dict[str, dict[str, str]]
    """What was typed into the sheet of a gate that somebody left to clear a blocker, by gate and field."""

    sharing: Sharing
    """What sends and receives while the app is open."""
    standing: Standing | None
    """How this desk stands to its server; ``None`` where the app does not send or receive, or has only begun."""

    def unsaved_edits(self) -> list[str]:
        """What was edited in tables and not saved, a line each."""

    async def change(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes something, and show what it made of the release."""

    async def save(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same without judging."""

    def judge(self) -> Any:
        """Judge again while people go on, and show it."""

    def show(self, view: View) -> None:
        """Show this view from now on."""

    async def reload(self) -> None:
        """Judge again, and show it."""

    async def reread(self) -> WorkbenchError | None:
        """Read the files again, and show them; the mistakes where there are some."""

    visit: Visit | None
    """Why this project was opened, where another one was open before."""

    def open_other(self, visit: Visit, name: str) -> None:
        """Leave, and open another project, which is called ``name``; edits that were not saved are asked about."""

    def tell(self, error: WorkbenchError) -> None:
        """Say what went wrong."""

    def tell_remarks(self, texts: Iterable[str]) -> None:
        """Say what went wrong after something was saved."""

    def switch_mode(self, mode: str) -> Any:
        """Go to another mode."""


class Working(Protocol):
    """A screen, as the forms know it that it opens."""

    @property
    def app(self) -> App[Any]:
        """Textual's app: panels are pushed there."""

    @property
    def work(self) -> Workbench:
        """The same app, as ours."""

    @property
    def view(self) -> View:
        """What there is to show now."""

    @property
    def evaluation(self) -> Evaluation | None:
        """The release in hand, judged."""

    def require(self) -> Evaluation:
        """The same; an error where there is none."""

    def zone(self) -> tzinfo:
        """The project's time zone."""

    def say(self, text: str) -> None:
        """A short word about what was done."""

    async def submit(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes something, until its rows are shown; errors rise."""

    async def act(
        self, done: str, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> bool:
        """The same, where nothing can show an error in place: it is told; false then."""

    async def do_reload(self) -> None:
        """Read files and record again."""


class WorkingTable(Working, Protocol):
    """A screen that is a table."""

    def stand_on(self, row: str) -> None:
        """Put the cursor on a row, now or as soon as it has been read."""

    def clear_marks(self) -> None:
        """Take the marks off the rows."""
