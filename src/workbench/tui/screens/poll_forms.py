"""The small forms of a poll: the words of a no-go, the end, and where the minutes go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workbench.signoff.polls import Vote
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import polling
from workbench.usecases.context import Context
from workbench.usecases.output_files import form_by_ending, name_part, write_new
from workbench.usecases.polling import Ballot
from workbench.usecases.views.poll_minutes import ENDINGS, minutes
from workbench.usecases.views.polls import NO_SIGNATURE, RESULT_MARKS, RESULTS, PollPage, Seat, counted

_ASKS = {
    Vote.NO_GO: ("No-go", "Concern", "in their words; it stays in the record with their name"),
    Vote.SEND_BACK: ("Send back", "Needed", "what is needed before they can decide"),
}


def open_words(screen: Working, page: PollPage, seat: Seat, vote: Vote, then: Callable[[], None]) -> None:
    """What a no-go, or a send back, needs: the words of the person."""
    title, label, hint = _ASKS[vote]

    async def submit(values: Values) -> None:
        ballot = Ballot(person=seat.person, vote=vote, role=seat.role, words=values["words"])
        await screen.submit(polling.enter, page.stored.id, ballot)
        screen.say(f"{seat.name}: {title.lower()} · u undo")
        then()

    you = seat.person == screen.view.person
    entered = "you, in person" if you else f"you, {screen.view.person}, for somebody in the room"
    screen.app.push_screen(
        FormScreen(
            f"{title}: {seat.name}, {seat.role_words}",
            (Field("words", label, required=True, hint=hint),),
            intro=[Pair("Entered by", entered)],
            submit=submit,
            save_label=title.lower(),
        )
    )


def open_end(screen: Working, page: PollPage) -> None:
    """What the poll comes to, and what is added."""

    async def submit(values: Values) -> None:
        await screen.submit(polling.end, page.stored.id, values["words"])
        screen.say(f"the poll ended: {RESULTS[page.result]}; s to sign the gate yourself")

    left = [seat.name for seat in page.seats if seat.needed and seat.vote is None]
    open_ = [Pair("Not asked", ", ".join(left))] if left else []
    concerns = [Pair("Concern", f"{seat.name}: {seat.vote.words}") for seat in page.concerns if seat.vote]
    screen.app.push_screen(
        FormScreen(
            "End the poll?",
            (Field("words", "Add", hint="what the minutes should say, or nothing"),),
            intro=[
                Pair("Comes to", f"{RESULTS[page.result]}; {counted(page)}", RESULT_MARKS[page.result]),
                *concerns,
                *open_,
                Pair("Note", NO_SIGNATURE),
            ],
            submit=submit,
            save_label="end",
        )
    )


def open_minutes(screen: Working, page: PollPage) -> None:
    """Where the minutes are written; the ending of the file says how."""
    name = f"poll-{name_part(page.release)}-{name_part(page.value.gate)}.md"

    async def submit(values: Values) -> None:
        path = Path(values["file"].strip()).expanduser()
        await screen.work.desk.call(_write, page, path)
        screen.say(f"wrote {path}")

    screen.app.push_screen(
        FormScreen(
            "Write the minutes",
            (
                Field(
                    "file", "File", value=name, required=True, hint="ends in .md, .html or .txt; a new file"
                ),
            ),
            submit=submit,
            save_label="write",
        )
    )


def _write(context: Context, page: PollPage, path: Path) -> None:
    form = form_by_ending(path, ENDINGS, "md")
    place = path if path.is_absolute() else context.root / path
    write_new(place, minutes(context, page, form).encode(), overwrite=False)
