"""Entering an answer that came by mail or chat: whose words say otherwise is flagged before it is kept."""

from __future__ import annotations

import msgspec

from workbench.signoff.model import Decision
from workbench.tui.screens.form_fields import person_options
from workbench.tui.screens.signing import DECISIONS, SENT_BACK, WITH_CONDITIONS, said, show_receipt
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.working import Working
from workbench.usecases import filling, signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.messages import contradiction
from workbench.usecases.signing_elsewhere import receive
from workbench.usecases.views.receipts import Receipt, read_receipt

_SURE = "sure"


def open_received(screen: Working) -> None:
    """The message, its code, and as what it is entered."""
    got: list[Receipt] = []

    async def submit(values: Values) -> None:
        got.append(await screen.submit(_receive, values))

    def entered(values: Values | None) -> None:
        if values is not None and got:
            show_receipt(screen, got[-1])

    people = person_options(screen.view.definitions.project.people)
    screen.app.push_screen(
        FormScreen(
            "Enter an answer that came by mail or chat",
            (
                Field(
                    "code", "Code", required=True, hint="it stands on the sheet that was answered: ABCD-EFGH"
                ),
                Field(
                    "message",
                    "Message",
                    "lines",
                    required=True,
                    hint="the whole of it, pasted; it is kept as it came",
                ),
                Field("decision", "They say", "choice", "", options=DECISIONS, required=True),
                Field("conditions", "Conditions", hint="what has to be done", only_if=WITH_CONDITIONS),
                Field("due", "Due", "date", hint="when it has to be done", only_if=WITH_CONDITIONS),
                Field("needed", "Needed", hint="what they need before they decide", only_if=SENT_BACK),
                Field("needed_from", "From", "person", options=people, only_if=SENT_BACK, listed=True),
                Field("comment", "Comment"),
                Field(
                    "sure",
                    "Its words",
                    "choice",
                    options=(Option(_SURE, "say otherwise, and I am sure"),),
                    hint="only where they seem to say something else",
                ),
            ),
            check=check_message,
            submit=submit,
            save_label="enter",
        ),
        entered,
    )


def check_message(values: Values) -> dict[str, str]:
    """What is wrong: a message that says something else than it is entered as, unless somebody is sure."""
    decision = Decision(values["decision"])
    wrong = {
        field: words
        for field, words in signing.lacks(said(values)).items()
        if field != "due" or not values["due"].strip()
    }
    against = contradiction(values["message"], decision)
    if against and values["sure"] != _SURE:
        words = decision.value.replace("_", " ")
        wrong["decision"] = (
            f"the message says “{against}”, and it would be entered as “{words}”: enter what it says, "
            "or say below that you are sure"
        )
    return wrong


def _receive(context: Context, values: Values) -> Receipt:
    due = filling.end(values["due"], context.now, context.zone)
    answer = msgspec.structs.replace(said(values), conditions_due=due)
    commit = receive(
        context,
        evaluate(context),
        values["message"].encode(),
        values["code"].strip(),
        answer,
        sure=values["sure"] == _SURE,
    )
    return read_receipt(context, commit)
