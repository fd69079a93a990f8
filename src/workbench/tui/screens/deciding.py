"""The small forms of Readiness: overriding, promising, freezing."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.definitions.shapes import Person
from workbench.gates.approvals import Proposal, Ruling
from workbench.gates.fixed_questions import QUESTIONS, Answers, FixedQuestion
from workbench.gates.model import Part
from workbench.model.cells import write_when
from workbench.model.times import moment_text
from workbench.tui.screens.form_fields import person_options
from workbench.tui.theme import Role
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Pair
from workbench.tui.working import Working
from workbench.usecases import approving, deciding, filling, handing_back, predictions, signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.predictions import record_of_overrides


def alone(people: Sequence[Person], person: str) -> list[Pair]:
    """What somebody has to know before proposing who is the only one that a project names."""
    if not people or any(each.key != person for each in people):
        return []
    words = "it counts once somebody else approves it, and workbench.yaml names nobody else under people:"
    return [Pair("Note", words, role=Role.WARNING)]


def approver_field(screen: Working, only_if: tuple[str, str] | None = None) -> Field:
    """Who has to approve: somebody else of the project, or a name where it names nobody."""
    named = screen.view.definitions.project.people
    hint = "who has to approve it, on their own desk"
    if not named:
        return Field("approver", "Approver", hint=hint, only_if=only_if)
    others = [Option(p.key, p.name) for p in named if p.key != screen.view.person]
    options = (Option("", "anybody but you"), *others)
    return Field("approver", "Approver", "choice", options=options, hint=hint, only_if=only_if)


async def open_override(screen: Working, part: Part) -> None:
    """Propose to let the release past one part, as far as it is seen."""
    until_now = await screen.work.desk.call(record_of_overrides)
    named = screen.view.definitions.project.people
    unmeasured = part.bound is not None and part.bound.unmeasured

    async def submit(values: Values) -> None:
        await screen.submit(_override, part.key, unmeasured, values)
        screen.say(f"{part.title}: waiting for approval by {values['approver'].strip() or 'somebody else'}")

    screen.app.push_screen(
        FormScreen(
            "Override this blocker?",
            (
                Field(
                    "reason",
                    "Reason",
                    required=True,
                    hint="explain it to a reader a year from now; appears in the release notes",
                ),
                *_questions(),
                *_limit(part),
                approver_field(screen),
                Field("until", "Until", "date", required=True, hint="it blocks again after this date"),
                *_prediction(screen),
            ),
            intro=[
                Pair("What", part.title),
                Pair("Why", part.why),
                *_covers(part),
                *([Pair("Until now", until_now)] if until_now else []),
                *alone(named, screen.view.person),
            ],
            submit=submit,
            save_label="propose",
        )
    )


def _questions() -> list[Field]:
    """The fixed questions of an exception."""
    return [_question(one) for one in QUESTIONS]


def _question(one: FixedQuestion) -> Field:
    if not one.example:
        options = (Option("no", "no"), Option("yes", "yes, it worked before"))
        return Field(one.field, one.label, "choice", options=options, required=True, hint=one.asks.lower())
    return Field(one.field, one.label, required=True, hint=f"{one.asks.lower()} For example: {one.example}")


def _limit(part: Part) -> list[Field]:
    """Up to what it holds, where something was measured or counted that could be limited further."""
    bound = part.bound
    if bound is None or bound.unmeasured or not (bound.value or bound.count is not None):
        return []
    return [Field("up_to", "Up to", hint=f"{bound.words} unless you say less, and never more")]


def _covers(part: Part) -> list[Pair]:
    """What it would cover: exactly what is seen."""
    bound = part.bound
    if bound is None or not bound.words:
        return []
    if bound.unmeasured:
        words = f"it is {bound.stands}: nobody has seen what this excuses, and the reason will say so"
        return [Pair("Note", words, role=Role.WARNING)]
    return [Pair("Holds", f"{bound.words}; anything worse blocks again")]


def _prediction(screen: Working) -> list[Field]:
    """What production will be, where a benchmark is measured there that could score it."""
    able = predictions.of_production(screen.view.definitions)
    if not able:
        return []
    hint = f"optional, scored while the release is watched: {able[0].key} <= …"
    return [Field("predicts", "Prediction", hint=hint)]


def _override(context: Context, ref: str, unmeasured: bool, values: Values) -> None:
    end = filling.end(values["until"], context.now, context.zone)
    assert end is not None  # the form asks for it
    said = {
        one.field: values[one.field] if one.example else {"yes": True, "no": False}.get(values[one.field])
        for one in QUESTIONS
    }
    deciding.override(
        context,
        evaluate(context),
        ref,
        reason=values["reason"],
        approver=values["approver"].strip(),
        until=end,
        answers=msgspec.convert(said, Answers),
        up_to=values.get("up_to", "").strip(),
        unmeasured=unmeasured,
        predicts=values.get("predicts", ""),
    )


def open_dismissal(screen: Working, part: Part, gate: str, person: str) -> None:
    """Set aside what somebody else said, with a reason."""

    async def submit(values: Values) -> None:
        await screen.submit(_dismiss, gate, person, values["reason"])
        screen.say(f"{person}'s answer is dismissed")

    screen.app.push_screen(
        FormScreen(
            f"Dismiss {person}'s answer?",
            (
                Field(
                    "reason",
                    "Reason",
                    required=True,
                    hint="explain it to a reader a year from now; appears in the release notes with the rejection",
                ),
            ),
            intro=[
                Pair("What", part.title),
                Pair("Answer", part.why),
                Pair("Who may", "another person with the same role; the rejection stays in the record"),
            ],
            submit=submit,
            save_label="dismiss",
        )
    )


def open_hand_back(screen: Working, part: Part, gate: str, person: str) -> None:
    """Hand a gate back to who sent it back: what they needed is there."""

    async def submit(values: Values) -> None:
        await screen.submit(_hand_back, gate, person, values["reason"])
        screen.say(f"handed back to {person}, who decides now")

    screen.app.push_screen(
        FormScreen(
            f"Hand it back to {person}?",
            (
                Field(
                    "reason",
                    "What was done",
                    required=True,
                    hint="of what they needed; they read it before they decide",
                ),
            ),
            intro=[Pair("What", part.title), Pair("Answer", part.why)],
            submit=submit,
            save_label="hand back",
        )
    )


def _hand_back(context: Context, gate: str, person: str, reason: str) -> None:
    handing_back.hand_back(context, evaluate(context), gate, reason, person)


def _dismiss(context: Context, gate: str, person: str, reason: str) -> None:
    signing.dismiss(context, evaluate(context), gate, person, reason)


def open_approve(screen: Working, proposal: Proposal) -> None:
    """Approve or reject what somebody else proposed."""

    async def submit(values: Values) -> None:
        reject = values["decision"] == Ruling.REJECT.value
        await screen.submit(_approve, proposal.ref, reject, values["words"])
        screen.say(f"{proposal.title}: {'rejected' if reject else 'approved'}")

    end = [Pair("Until", moment_text(proposal.until, screen.zone()))] if proposal.until else []
    screen.app.push_screen(
        FormScreen(
            "Approve this?",
            (
                Field(
                    "decision",
                    "Decision",
                    "choice",
                    value=Ruling.APPROVE.value,
                    options=tuple(Option(each.value, each.value) for each in Ruling),
                    required=True,
                ),
                Field("words", "Comment", hint="required when rejecting: say what has to change"),
            ),
            intro=[
                Pair("What", proposal.title),
                Pair("Proposed by", proposal.by),
                Pair("Reason", proposal.words or "no reason given"),
                *([Pair("Holds", proposal.bound.words)] if proposal.bound and proposal.bound.words else []),
                *_worse(screen, proposal),
                *(Pair(label, words) for label, words in (proposal.answers or Answers()).told),
                *end,
            ],
            submit=submit,
            save_label="decide",
        )
    )


def _worse(screen: Working, proposal: Proposal) -> list[Pair]:
    """What an approver has to know where the line is worse by now than what was proposed."""
    more = approving.worse_than_proposed(screen.require(), proposal)
    return [Pair("Note", f"it does not cover what there is now: {more}", role=Role.WARNING)] if more else []


def _approve(context: Context, ref: str, reject: bool, words: str) -> None:
    approving.approve(context, evaluate(context), ref, reject=reject, words=words)


def open_promise(screen: Working, part: Part) -> None:
    """Say who takes care of a part, and by when."""
    found = screen.require()
    promise = found.promises.get(part.key)
    by = write_when(promise.by if promise else None, screen.zone(), end=True)

    async def submit(values: Values) -> None:
        await screen.submit(_promise, part.key, values["owner"], values["by"], values["note"])
        screen.say(f"{part.title}: {values['owner']}")

    screen.app.push_screen(
        FormScreen(
            "Assign an owner",
            (
                Field(
                    "owner",
                    "Who",
                    "person",
                    promise.owner if promise else screen.view.person,
                    options=person_options(screen.view.definitions.project.people),
                    required=True,
                ),
                Field("by", "By when", "date", by),
                Field("note", "Note", value=promise.note if promise else ""),
            ),
            intro=[Pair("What", part.title), Pair("Why", part.why)],
            submit=submit,
        )
    )


def _promise(context: Context, ref: str, owner: str, by: str, note: str) -> None:
    until = filling.end(by, context.now, context.zone)
    deciding.promise(context, evaluate(context), ref, owner, until, note)


def open_freeze(screen: Working) -> None:
    """Freeze promotion, or lift a freeze: where several hold, the form asks which."""
    held = {deciding.freeze_name(item): item for item in screen.require().freezes}
    frozen = next(iter(held.values()), None)

    async def submit(values: Values) -> None:
        if frozen is not None:
            await screen.submit(deciding.lift_freeze, values["reason"], values.get("which", ""))
        else:
            await screen.submit(deciding.freeze, values["reason"])
        screen.say(
            "the freeze is lifted"
            if frozen
            else "frozen: nothing can be promoted until somebody lifts the freeze"
        )

    which = [Field("which", "Which", "choice", options=tuple(Option(k, f.reason) for k, f in held.items()))]
    screen.app.push_screen(
        FormScreen(
            "Lift the freeze?" if frozen else "Freeze promotion?",
            (*(which if len(held) > 1 else ()), Field("reason", "Reason", required=True)),
            intro=[
                pair
                for item in held.values()
                for pair in (Pair("Frozen by", item.by), Pair("Why frozen", item.reason))
            ],
            submit=submit,
            save_label="lift" if frozen else "freeze",
        )
    )
