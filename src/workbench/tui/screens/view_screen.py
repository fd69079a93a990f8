"""A screen that shows the view: header, modes, what is between, status line and footer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import ClassVar, cast

import msgspec
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from workbench.gates.model import Weight
from workbench.model.errors import OurMistake, WorkbenchError
from workbench.model.times import day_text, moment_text, relative_text, zone_of
from workbench.tui.actions import Acting
from workbench.tui.desk import View
from workbench.tui.registry import mode_of, places
from workbench.tui.widgets.footer import FooterLine
from workbench.tui.widgets.header import HeaderLine, ModeLine, Situation
from workbench.tui.widgets.status import StatusLine
from workbench.tui.working import Workbench
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.views.people import named
from workbench.usecases.views.releases import state_mark
from workbench.usecases.views.sharing.word import header_word


class ViewScreen(Acting, Screen[None]):
    """Yields its widgets from :meth:`body` and fills them in :meth:`fill`, whenever the view has changed."""

    MODE: ClassVar[str] = ""

    @property
    def work(self) -> Workbench:
        """The app, as what it is."""
        return cast(Workbench, self.app)

    @property
    def view(self) -> View:
        """What there is to show now."""
        return self.work.view

    @property
    def evaluation(self) -> Evaluation | None:
        """The release in hand, judged."""
        return self.view.evaluation

    @property
    def judgement(self) -> Judgement | None:
        """The same as it is shown: of a shipped release as it was when it was shipped."""
        return self.view.judgement

    def zone(self) -> tzinfo:
        """The project's time zone."""
        return zone_of(self.view.definitions.project.timezone)

    def body(self) -> Iterable[Widget]:
        """The widgets between header and footer."""
        raise NotImplementedError

    def fill(self) -> None:
        """Show the view; called when it has changed."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield HeaderLine(self.situation())
        here = mode_of(self.MODE)
        yield ModeLine(places(here), here, self.situation().demonstration, header_word(self.work.standing))
        yield from self.body()
        yield StatusLine()
        yield FooterLine()

    def refresh_view(self) -> None:
        """Show the present view."""
        if not self.query(HeaderLine):  # not built yet, or being left
            return
        situation = self.situation()
        self.query_one(HeaderLine).show(situation)
        self.query_one(ModeLine).show(situation.demonstration, header_word(self.work.standing))
        self._seen = self.view
        with self.telling():
            self.fill()
        self.refresh_hints()

    def standing_changed(self) -> None:
        """The word about the server follows; screens that show more of it override this."""
        for line in self.query(ModeLine):
            line.show(self.situation().demonstration, header_word(self.work.standing))

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Whatever goes wrong within is told: what is shown is made by use cases, and they never end the app."""
        try:
            yield
        except WorkbenchError as error:
            self.work.tell(error)
        except Exception as error:
            self.work.tell(OurMistake.of(error))

    _seen: View | None = None

    def refresh_hints(self) -> None:
        """The footer follows what can be done."""
        self.query_one(FooterLine).show(self.hints())

    def situation(self) -> Situation:
        """What the header says."""
        found, definitions, broken = self.judgement, self.view.definitions, self.work.broken
        person = definitions.person(self.view.person)
        base = Situation(
            project=definitions.project.title or definitions.project.project,
            person=named(definitions, self.view.person),
            key=self.view.person,
            roles=" and ".join(role.replace("-", " ") for role in person.roles) if person else "",
            broken=f"{broken.where}: {broken.what}" if broken else "",
            incidents=len(self.view.incidents),
        )
        if found is None:
            return base
        counts, candidate = found.counts(), found.candidate
        zone = zone_of(found.timezone)
        due = found.planned_at if found.ending is None else None
        return msgspec.structs.replace(
            base,
            project=found.project,
            release=found.version,
            candidate=candidate.name if candidate else "",
            commit=candidate.commit if candidate else "",
            blocks=counts[Weight.BLOCKS],
            to_do=counts[Weight.TO_DO],
            to_sign=counts[Weight.TO_SIGN],
            due=_due(due, found.made_at, zone) if due else "",
            soon=relative_text(due, found.made_at) if due else "",
            demonstration=moment_text(found.made_at, zone) if found.demonstration else "",
            state=found.state.words,
            mark=state_mark(found.state, counts),
            ended=found.ending is not None,
        )


def _due(planned: datetime, now: datetime, zone: tzinfo) -> str:
    return f"{moment_text(planned, zone)[:3]} {day_text(planned, zone)}, {relative_text(planned, now)}"
