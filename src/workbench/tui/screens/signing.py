"""Signing a gate: what is seen, who else signs, until when, and one's own word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from workbench.model.errors import NotAllowed, WorkbenchError
from workbench.record import Head
from workbench.signoff.conclude import Concluded
from workbench.signoff.holding import STOPPING
from workbench.signoff.model import Decision
from workbench.tui.binding import bind
from workbench.tui.screens.form_fields import person_options
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.form import Check, Field, FormScreen, Submit, Values
from workbench.tui.widgets.panel import PanelBox
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Paragraph
from workbench.tui.working import Working
from workbench.usecases import filling, signing
from workbench.usecases.context import Context, require_person
from workbench.usecases.evaluate import evaluate
from workbench.usecases.signing import Answer, Shown
from workbench.usecases.signing_sheet import Line, sheet

WITH_CONDITIONS = ("decision", Decision.CONDITIONS.value)
SENT_BACK = ("decision", Decision.SEND_BACK.value)
_DECISIONS = (
    Option("approve", "approve"),
    Option("approve_with_conditions", "with conditions"),
    Option("send_back", "send back"),
    Option("reject", "reject"),
)


class Sheet(msgspec.Struct, frozen=True):
    """What a person has before them: the documents, the same in words, and what they rest on.

    ``replaced`` is their own answer that still stands, in words.
    """

    shown: Shown
    lines: tuple[Line, ...]
    identity: str
    head: Head
    replaced: str = ""
    missing: tuple[str, ...] = ()
    """The roles that have not signed yet, each with who can."""
    given: bool = False
    """Whether that answer counts as it is."""


class Word(Vertical):
    """What one says of the sheet; as it grows, the sheet above it scrolls."""

    def on_resize(self) -> None:
        """The fields that an answer asks for come and go."""
        screen = self.screen
        if isinstance(screen, SigningForm):
            screen.limit_height()


class SigningForm(FormScreen):
    """The sheet and one's word; ``F3`` shows digests, identity and the ledger's head."""

    KEPT = False  # whoever signs has the sheet of now before them

    DEFAULT_CSS = """
    SigningForm > .panel--box { width: 92; }
    SigningForm .form--field { margin-bottom: 0; }
    SigningForm .signing--word { height: auto; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("pageup", "read(-1)", "read the sheet, a window up", priority=True),
        bind("pagedown", "read(1)", "read the sheet, a window down", priority=True),
        bind("f3", "details", "digests, identity and the ledger's head", priority=True),
    ]

    def __init__(
        self, title: str, fields: Sequence[Field], *, intro: Sequence[Block], check: Check, submit: Submit,
        details: Sequence[Block],
    ) -> None:  # fmt: skip
        super().__init__(title, fields, intro=intro, check=check, submit=submit, save_label="sign")
        self._details = tuple(details)

    def compose(self) -> ComposeResult:
        """The sheet scrolls; what one says of it stays in sight."""
        with PanelBox(self._title):
            with VerticalScroll(classes="panel--scroll", can_focus=False):
                yield Page(self._intro)
            with Word(classes="signing--word"):
                for field in self._fields:
                    yield from self._compose_field(field)
            yield Static(id="form-trouble")
            yield FooterLine(
                [
                    Hint("save", "ctrl+s", self._save_label, priority=4, filled=True),
                    Hint("app.focus_next", "tab", "next field", priority=1),
                    Hint("read(1)", "page down", "read on", priority=2),
                    Hint("details", "F3", "inspect", priority=2),
                    Hint("back", "esc", "go back", priority=3),
                ]
            )

    def on_mount(self) -> None:
        """Begin where the version is typed: what stands above has been read by then."""
        self.call_after_refresh(self._inputs["confirm"].focus)

    def action_read(self, by: int) -> None:
        """Scroll the sheet."""
        scroll = self.query_one(".panel--scroll", VerticalScroll)
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 1), animate=False)

    def action_details(self) -> None:
        """What exactly would be signed, by digest."""
        self.app.push_screen(ReadingPanel("What is signed, exactly", self._details))


async def open_signing(screen: Working, gate: str) -> None:
    """Show the sheet of a gate and take the person's word."""
    try:
        sheet_ = await screen.work.desk.call(_prepare, gate, screen.zone())
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    if sheet_.given:
        _open_given(screen, gate, sheet_)
    else:
        _open_sheet(screen, gate, sheet_)


def _open_sheet(screen: Working, gate: str, sheet_: Sheet) -> None:
    found = screen.require()
    version, concluded, shown = found.held.release.version, found.gate(gate), sheet_.shown

    async def submit(values: Values) -> None:
        await screen.submit(_sign, shown, values)
        screen.say(f"{concluded.gate.title}: {_SAID[values['decision']]} as {shown.role.replace('-', ' ')}")

    commit = found.held.candidate.commit[:7] if found.held.candidate else ""
    screen.app.push_screen(
        SigningForm(
            f"{_act(concluded.gate.title)} {found.project} {found.held.title}, commit {commit}",
            (
                Field(
                    "decision",
                    "Decision",
                    "choice",
                    "" if sheet_.given else "approve",
                    options=_DECISIONS,
                    required=True,
                ),
                Field("conditions", "Conditions", hint="what has to be done", only_if=WITH_CONDITIONS),
                Field("due", "Due", "date", hint="when it has to be done", only_if=WITH_CONDITIONS),
                Field("needed", "Needed", hint="what you need before you decide", only_if=SENT_BACK),
                Field(
                    "needed_from",
                    "From",
                    "person",
                    options=person_options(screen.view.definitions.project.people),
                    only_if=SENT_BACK,
                ),
                Field("comment", "Comment"),
                *((_REPLACES,) if sheet_.replaced else ()),
                Field("confirm", f"Type {version}"),
            ),
            intro=[Pair(line.label, line.text, _MARKS.get(line.label)) for line in sheet_.lines],
            check=lambda values: _check(values, version, concluded),
            submit=submit,
            details=_details(sheet_),
        )
    )


def _act(title: str) -> str:
    """What one does to the release, as one says it: ``Sign off``, ``Sign Benchmarks of``."""
    return "Sign off" if title.casefold().replace("-", " ") == "sign off" else f"Sign {title} of"


def _open_given(screen: Working, gate: str, sheet_: Sheet) -> None:
    """One has answered: nobody signs twice; whoever is missing can be asked, and an answer can be changed."""
    title = screen.require().gate(gate).gate.title

    async def answered(values: Values | None) -> None:
        if values is not None and values["now"] == "change":
            _open_sheet(screen, gate, sheet_)

    async def submit(values: Values) -> None:
        if values["now"] == "revoke":
            await screen.submit(_revoke, gate, values["reason"].strip())
            screen.say(f"{title}: your signature is revoked")

    options = (
        Option("leave", "keep it"),
        Option("change", "change my answer"),
        Option("revoke", "revoke it"),
    )
    missing = [Pair("Still missing" if not n else "", text) for n, text in enumerate(sheet_.missing)]
    hint = "to ask them, press @ on their line" if sheet_.missing else ""
    screen.app.push_screen(
        FormScreen(
            f"You have already answered {title}",
            (
                Field("now", "Your answer", "choice", "leave", options=options, hint=hint),
                Field("reason", "Why", hint="stays in the record", only_if=("now", "revoke"), required=True),
            ),
            intro=[
                Pair("Given", sheet_.replaced.rstrip(","), Mark.DONE),
                *(missing or [Pair("Still missing", "nobody")]),
            ],
            submit=submit,
            save_label="continue",
        ),
        answered,
    )


def _revoke(context: Context, gate: str, reason: str) -> None:
    signing.revoke(context, evaluate(context), gate, reason)


_MARKS = {"Not yet": Mark.BLOCKS, "Replaces": Mark.WARNS}
_REPLACES = Field(
    "replaces", "Replaces", "choice", options=(Option("yes", "yes, answer again"),), required=True
)
_SAID = {
    "approve": "signed",
    "approve_with_conditions": "signed with conditions",
    "send_back": "sent back",
    "reject": "rejected",
}


def _prepare(context: Context, gate: str, zone: tzinfo) -> Sheet:
    evaluation = evaluate(context)
    shown = signing.prepare(context, evaluation, gate)
    concluded = evaluation.gate(gate)
    lines = sheet(evaluation, concluded, require_person(context), zone)
    own = [Line("You sign as", f"{shown.person}, {shown.role.replace('-', ' ')}")]
    replaced = signing.replaced_words(concluded, shown.person, zone)
    if replaced:
        own.append(Line("Replaces", replaced.rstrip(",")))
    standing = signing.standing_answer(concluded, shown.person)
    return Sheet(
        shown,
        (*own, *lines),  # who answers, and what that replaces, is in view however long the rest is
        context.author().identity,
        context.record.head,
        replaced,
        tuple(signing.still_missing(concluded)),
        standing is not None and standing.counts,
    )


def _details(sheet_: Sheet) -> list[Block]:
    shown = sheet_.shown
    return [
        Pair("What is shown", shown.shown.digest),
        Pair("What it rests on", shown.basis.digest),
        Pair("Measurements", shown.evidence),
        Gap(),
        Pair("You are", f"{shown.person}, asserted identity ({sheet_.identity})"),
        Pair("Key", "none: who you are is asserted, not proven", role=Role.MUTED),
        Pair("Ledger", f"entry {sheet_.head.seq}, chain {sheet_.head.chain}"),
        Gap(),
        Paragraph(
            "The first digest is of the document on screen, which is kept. While the second stays the same, "
            "your signature holds; if it changes, the gate says what changed.",
            Role.MUTED,
        ),
    ]


def _sign(context: Context, shown: Shown, values: Values) -> None:
    due = filling.end(values["due"], context.now, context.zone)
    answer = msgspec.structs.replace(_said(values), conditions_due=due)
    signing.sign(context, shown, answer)


def _check(values: Values, version: str, concluded: Concluded) -> dict[str, str]:
    wrong = {}
    if Decision(values["decision"]) not in STOPPING:
        try:
            signing.check_may_approve(concluded)
        except NotAllowed as error:
            wrong["decision"] = f"{error.what}. You can send it back or reject it now."
    wrong |= {
        field: words
        for field, words in signing.lacks(_said(values)).items()
        if field != "due" or not values["due"].strip()
    }
    if values["confirm"].strip() != version:
        wrong["confirm"] = f"type {version} to sign"
    return wrong


def _said(values: Values) -> Answer:
    return Answer(
        decision=Decision(values["decision"]),
        comment=values["comment"],
        conditions=values["conditions"],
        needed=values["needed"],
        needed_from=values["needed_from"],
    )
