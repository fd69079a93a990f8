"""What turns by the clock turns on screen: one timer, to the next moment at which anything does."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

from workbench.model.errors import WorkbenchError
from workbench.tui.desk import View
from workbench.tui.working import Workbench
from workbench.usecases.turning import next_turn

# An age is too old once it is past its limit, not at it.
A_MOMENT = 1.0
# A machine that slept does not count: it is looked again how long is left.
LONGEST = 3600.0


class Turning:
    """Waits for the next moment at which anything turns by itself, and has the release judged again then."""

    def __init__(self, app: Workbench, set_timer: Callable[[float, Callable[[], None]], Timer]) -> None:
        self._app, self._set_timer = app, set_timer
        self._timer: Timer | None = None
        self.left: float | None = None

    async def follow(self, view: View) -> None:
        """Wait for what turns next of this view, in place of what was waited for."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.left = None
        if view.evaluation is None:
            return
        try:
            left = await self._app.desk.call(next_turn, view.evaluation)
        except WorkbenchError:
            return  # whatever is wrong with the record is told where somebody asks for it
        if left is not None and view is self._app.view:
            self.left = max(0.0, left) + A_MOMENT
            self._timer = self._set_timer(min(self.left, LONGEST), self.turned)

    def turned(self) -> None:
        """The moment has come."""
        self._app.judge()
        self._app.desk.remind()
