"""Signing a gate: what is seen, who else signs, until when, and one's own word."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import ClassVar

import msgspec
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static
from textual.worker import Worker

from workbench.model.errors import NotAllowed, WorkbenchError
from workbench.model.text import safe_text
from workbench.record import Head
from workbench.signoff.conclude import Concluded
from workbench.signoff.holding import STOPPING
from workbench.signoff.model import Decision
from workbench.tui.binding import bind
from workbench.tui.screens.form_fields import person_options
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.fold_sheet import FoldSheet
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.form import Field, FormScreen, Values, check_fields
from workbench.tui.widgets.line import PieceLines
from workbench.tui.widgets.panel import PanelBox
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, pairs
from workbench.tui.widgets.stepper import Stepper
from workbench.tui.working import Working
from workbench.usecases import filling, signing
from workbench.usecases.context import Context, require_person
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.looks import Look, changes_since, keep_look, look_of
from workbench.usecases.signing import Answer, Shown
from workbench.usecases.ssh_signing import GIT, own_git_key, with_key
from workbench.usecases.views.receipts import Receipt, read_receipt
from workbench.usecases.views.signing_session import Fold, Session, read_session

WITH_CONDITIONS = ("decision", Decision.CONDITIONS.value)
SENT_BACK = ("decision", Decision.SEND_BACK.value)
DECISIONS = (
    Option("approve", "approve"),
    Option("approve_with_conditions", "with conditions"),
    Option("send_back", "send back"),
    Option("reject", "reject"),
)


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What a person has before them: the documents, the same in words, and what they rest on.

    ``replaced`` is their own answer that still stands, in words, ``given`` whether it counts as it is, ``missing``
    the roles that have not signed, each with who can.  ``why_not`` says why nobody can approve yet; ``look`` is what is
    seen now, so that it can be said later what changed.  ``keys`` says whether a key can be asked for, and
    ``key`` the one to begin with.
    """

    shown: Shown
    session: Session
    identity: str
    head: Head
    look: Look
    why_not: str = ""
    replaced: str = ""
    missing: tuple[str, ...] = ()
    given: bool = False
    keys: bool = False
    key: str = ""

    @property
    def folds(self) -> tuple[Fold, ...]:
        """All parts; who answers, and what that replaces, is in view however long the rest is."""
        role = self.shown.role.replace("-", " ")
        lent = f", for {self.shown.for_person}" if self.shown.for_person else ""
        words = f"{self.shown.person}, {role}{lent}"
        own = [Fold(key="you", title="You sign as", summary=words, first=9)]
        if self.replaced:
            words = self.replaced.rstrip(",")
            own.append(Fold(key="replaces", title="Replaces", summary=words, mark=Mark.WARNS, first=9))
        return (*own, *self.session.folds)


class Word(Vertical):
    """What one says of the sheet; as it grows, the sheet above it scrolls."""

    def on_resize(self) -> None:
        """The fields that an answer asks for come and go."""
        screen = self.screen
        if isinstance(screen, SigningForm):
            screen.limit_height()


class SigningForm(FormScreen):
    """The sheet and one's word; ``F3`` shows digests, identity and the ledger's head.

    Its result are the values; with ``now`` = ``blocker`` where the person goes to clear what is in the way.
    """

    KEPT = False  # whoever signs has the sheet of now before them

    DEFAULT_CSS = """
    SigningForm > .panel--box { width: 112; }
    SigningForm Stepper { padding: 0 1 1 1; }
    SigningForm .form--field { margin-bottom: 0; }
    SigningForm .signing--word { height: auto; margin-top: 1; }
    SigningForm #signing-changed, SigningForm #signing-waits { height: auto; padding: 0 1; display: none; }
    SigningForm #signing-changed { color: $warning; }
    SigningForm #signing-waits { color: $accent; text-style: bold; }
    SigningForm #signing-changed.-shown, SigningForm #signing-waits.-shown { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("pageup", "read(-1)", "read the sheet, a window up", priority=True),
        bind("pagedown", "read(1)", "read the sheet, a window down", priority=True),
        bind("f3", "details", "digests, identity and the ledger's head", priority=True),
        bind("f4", "unfold", "unfold the whole sheet, or fold it", priority=True),
        bind(
            "f5",
            "blocker",
            "leave for the next blocker; what was typed stays for the next time",
            priority=True,
        ),
    ]

    def __init__(self, opener: Working, title: str, sheet: Sheet, fields: Sequence[Field]) -> None:
        super().__init__(title, fields, save_label="sign")
        self.opener, self.sheet = opener, sheet
        self._opened_with = sheet.look
        self._told: tuple[str, ...] = ()
        self._to_read = False
        self.receipt: Receipt | None = None
        self._signing: Worker[None] | None = None
        self._given_up = Event()

    def compose(self) -> ComposeResult:
        """The sheet scrolls; what one says of it stays in sight."""
        with PanelBox(self._title):
            yield Stepper(self.sheet.session.steps, self.sheet.session.gate)
            yield Static(id="signing-changed")
            with VerticalScroll(classes="panel--scroll", can_focus=False):
                yield FoldSheet(self.sheet.folds)
            with Word(classes="signing--word"):
                for field in self._fields:
                    yield from self._compose_field(field)
            yield Static(id="form-trouble")
            yield Static(id="signing-waits")
            yield FooterLine(self._hints())

    def _hints(self) -> list[Hint]:
        blocked = self.sheet.session.blocker is not None
        return [
            Hint("save", "ctrl+s", self._save_label, priority=4, filled=True),
            Hint("unfold", "F4", "unfold", priority=3),
            Hint("blocker", "F5", "next blocker", None if blocked else "nothing is in the way", priority=3),
            Hint("details", "F3", "inspect", priority=1),
            Hint("read(1)", "page down", "read on", priority=1),
            Hint("back", "esc", "go back", priority=3),
        ]

    def on_mount(self) -> None:
        """Begin where the version is typed: what stands above has been read by then."""
        self._first = self.values
        self._show_fields()
        words = self.opener.work.answers.pop(self.sheet.shown.gate, None)
        if words:
            self.type_again(words)
        self.call_after_refresh(self._inputs["confirm"].focus)

    def limit_height(self) -> None:
        """The sheet takes what the answer leaves, and unfolds what fits there."""
        super().limit_height()
        for scroll in self.query(".panel--scroll").results():
            limit = scroll.styles.max_height
            room = int(limit.value) if limit is not None else 0
            self.query_one(FoldSheet).fit(room)

    # --- reading ---------------------------------------------------------------------------

    def action_read(self, by: int) -> None:
        """Scroll the sheet."""
        scroll = self.query_one(".panel--scroll", VerticalScroll)
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 1), animate=False)

    def action_unfold(self) -> None:
        """All of it, or in short again."""
        self.query_one(FoldSheet).unfold_all()

    def action_details(self) -> None:
        """What exactly would be signed, by digest."""
        self.app.push_screen(ReadingPanel("What is signed, exactly", _details(self.sheet)))

    def on_fold_sheet_moved(self, event: FoldSheet.Moved) -> None:
        """Keep the part under the cursor in sight."""
        scroll = self.query_one(".panel--scroll", VerticalScroll)
        scroll.scroll_to_region(Region(0, event.line, 1, 1), animate=False)

    async def on_piece_lines_chosen(self, event: PieceLines.Chosen) -> None:
        """A click on a part of the sheet unfolds it; on a hint it does what the hint says."""
        if isinstance(event.widget, FoldSheet):
            event.stop()
            event.widget.toggle(event.target)
        elif not isinstance(event.widget, Stepper):
            await super().on_piece_lines_chosen(event)

    def action_blocker(self) -> None:
        """Go to what is in the way; what was typed waits for the next time."""
        if self.sheet.session.blocker is None:
            self.notify("nothing is in the way: only signatures are missing")
            return
        self.opener.work.answers[self.sheet.shown.gate] = {
            name: text for name, text in self.typed().items() if name != "confirm"
        }
        self.dismiss({**self.values, "now": "blocker"})

    # --- what happens meanwhile ----------------------------------------------------------------

    def view_changed(self) -> None:
        """Somebody wrote to the record, or the files are others: look again, and say what changed."""
        if self._signing is None and not self._saving:
            self.look_again()

    @work(group="signing-look", exclusive=True)
    async def look_again(self) -> None:
        """Read the sheet again; what was typed stays."""
        await self.read_again()

    async def read_again(self) -> None:
        """The same, for whoever waits for it."""
        try:
            sheet, changes = await self.opener.work.desk.call(
                _again, self.sheet.shown.gate, self._opened_with
            )
        except WorkbenchError as error:
            self._tell_changed((error.what,))
            return
        before, self.sheet = self.sheet.shown, sheet
        other = (before.basis.digest, before.replaces) != (sheet.shown.basis.digest, sheet.shown.replaces)
        self._to_read = self._to_read or other
        self.query_one(Stepper).show(sheet.session.steps, sheet.session.gate)
        self.query_one(FoldSheet).show(sheet.folds)
        self.query_one(FooterLine).show(self._hints())
        self._tell_changed(tuple(changes))

    def _tell_changed(self, changes: tuple[str, ...]) -> None:
        if changes == self._told:
            return
        self._told = changes
        where = self.query_one("#signing-changed", Static)
        where.set_class(bool(changes), "-shown")
        more = [f"and {len(changes) - 3} more"] if len(changes) > 3 else []
        texts = [safe_text(text, 200) for text in (*changes[:3], *more)]
        where.update(Content("▲ Changed while you read: " + "; ".join(texts)))
        self.call_after_refresh(self.limit_height)

    # --- signing -----------------------------------------------------------------------------

    async def action_save(self) -> None:
        """Check and sign; with a key beside the app, so that it can be given up while the key is waited for."""
        if self._saving or self._signing is not None:
            return
        values = self.values
        errors = check_fields(self._fields, values) or self._wrong(values)
        self.show_errors(errors)
        self.show_trouble(None)
        if errors:
            return
        if self._to_read:
            self._to_read = False
            self.show_trouble(_CHANGED)
            return
        self._signing = self.sign_now(values)

    def _wrong(self, values: Values) -> dict[str, str]:
        return check_answer(values, self.sheet)

    @work(group="signing", exclusive=True)
    async def sign_now(self, values: Values) -> None:
        """Sign, and leave with the receipt; what goes wrong is shown here, and nothing typed is lost."""
        key = values.get("key", "").strip()
        self._waits(
            f"signing with {safe_text(key, 80)}: touch your key now if it waits for that · esc gives up"
            if key
            else ""
        )
        try:
            self.receipt = await self._sign(values, key)
        except WorkbenchError as error:
            self._signing = None
            self._waits("")
            if await self.opener.work.desk.files_changed():
                await self.opener.work.reread()
            await self.read_again()
            self._to_read = False  # the trouble says it
            self.show_trouble(error)
            return
        self._signing = None
        self._waits("")
        self.dismiss(values)

    async def _sign(self, values: Values, key: str) -> Receipt:
        answer = said(values)
        if not key:
            return await self.opener.submit(_sign, self.sheet.shown, answer, values["due"])
        self._given_up = given_up = Event()
        done = await self.opener.work.desk.beside(
            _sign_with, self.sheet.shown, answer, values["due"], key, given_up
        )
        await self.opener.work.reload()
        return done

    def _waits(self, words: str) -> None:
        where = self.query_one("#signing-waits", Static)
        where.set_class(bool(words), "-shown")
        where.update(Content(words))
        self.call_after_refresh(self.limit_height)

    def action_back(self) -> None:
        """Give up waiting for a key; else leave, which asks first when something was filled in."""
        if self._signing is not None:
            self._given_up.set()
            self._signing.cancel()
            self._signing = None
            self._waits("")
            self.notify("gave up waiting: what the key answers now is not kept")
            return
        super().action_back()


_CHANGED = NotAllowed(
    "what you were shown has changed in the meantime",
    hint="the sheet shows it as it is now: read what changed, then sign again",
)


async def open_signing(screen: Working, gate: str) -> None:
    """Show the sheet of a gate and take the person's word."""
    try:
        sheet_ = await screen.work.desk.call(_prepare, gate)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    if sheet_.given:
        _open_given(screen, gate, sheet_)
    else:
        _open_sheet(screen, gate, sheet_)


def _open_sheet(screen: Working, gate: str, sheet_: Sheet) -> None:
    found = screen.require()
    version, title = found.held.release.version, found.gate(gate).gate.title
    commit = found.held.candidate.commit[:7] if found.held.candidate else ""
    into = f", into {sheet_.session.into}" if sheet_.session.into else ""
    form = SigningForm(
        screen,
        f"{_act(title)} {found.project} {found.held.title}, commit {commit}{into}",
        sheet_,
        _fields(screen, sheet_, version),
    )

    async def left(values: Values | None) -> None:
        if values is None:
            return
        if values.get("now") == "blocker":
            await _to_blocker(screen, form.sheet)
            return
        screen.say(f"{title}: {_SAID[values['decision']]} as {form.sheet.shown.role.replace('-', ' ')}")
        if form.receipt is not None:
            show_receipt(screen, form.receipt)

    screen.app.push_screen(form, left)


def show_receipt(screen: Working, receipt: Receipt) -> None:
    """What was signed, to read and to copy."""
    screen.app.push_screen(ReadingPanel("Signed", pairs(receipt.facts), copies=receipt.text))


async def _to_blocker(screen: Working, sheet_: Sheet) -> None:
    """Where the line is cleared; ``s`` comes back to the sheet."""
    part, clear = sheet_.session.blocker, getattr(screen, "clear", None)
    if part is None:
        return
    await screen.work.switch_mode("readiness")
    here = screen.app.screen
    reach, clear = getattr(here, "stand_on", None), getattr(here, "clear", None)
    if reach is not None:
        reach(part.key)
    if clear is not None:
        await clear(part)


def _fields(screen: Working, sheet_: Sheet, version: str) -> tuple[Field, ...]:
    people = person_options(screen.view.definitions.project.people)
    decision = "" if sheet_.given else "approve"
    key = Field(
        "key",
        "SSH key",
        value=sheet_.key,
        hint="a file, or git for the key that git signs with; empty: no key",
    )
    return (
        Field("decision", "Decision", "choice", decision, options=DECISIONS, required=True),
        Field("conditions", "Conditions", hint="what has to be done", only_if=WITH_CONDITIONS),
        Field("due", "Due", "date", hint="when it has to be done", only_if=WITH_CONDITIONS),
        Field("needed", "Needed", hint="what you need before you decide", only_if=SENT_BACK),
        Field("needed_from", "From", "person", options=people, only_if=SENT_BACK, listed=True),
        Field("comment", "Comment"),
        *((_REPLACES,) if sheet_.replaced else ()),
        *((key,) if sheet_.keys else ()),
        Field("confirm", f"Type {version}"),
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


_REPLACES = Field(
    "replaces", "Replaces", "choice", options=(Option("yes", "yes, answer again"),), required=True
)
_SAID = {
    "approve": "signed",
    "approve_with_conditions": "signed with conditions",
    "send_back": "sent back",
    "reject": "rejected",
}


def _prepare(context: Context, gate: str) -> Sheet:
    evaluation = evaluate(context)
    made = _sheet(context, evaluation, gate)
    keep_look(context, evaluation, evaluation.gate(gate))
    return made


def _again(context: Context, gate: str, then: Look) -> tuple[Sheet, list[str]]:
    """The sheet as it is now, and what changed since then."""
    evaluation = evaluate(context)
    return _sheet(context, evaluation, gate), changes_since(evaluation, evaluation.gate(gate), then)


def _sheet(context: Context, evaluation: Evaluation, gate: str) -> Sheet:
    shown = signing.prepare(context, evaluation, gate)
    concluded = evaluation.gate(gate)
    standing = signing.standing_answer(concluded, shown.person)
    me = require_person(context)
    keys = bool(me.keys) or signing.policy_of(concluded).require_signature
    return Sheet(
        shown=shown,
        session=read_session(context, evaluation, concluded, shown.person),
        identity=context.author().identity,
        head=context.record.head,
        look=look_of(evaluation, concluded),
        why_not=_why_not(concluded),
        replaced=signing.replaced_words(concluded, shown.person, context.zone),
        missing=tuple(signing.still_missing(concluded)),
        given=standing is not None and standing.counts,
        keys=keys,
        key=GIT if keys and own_git_key(context) is not None else "",
    )


def _why_not(concluded: Concluded) -> str:
    """Why nobody can approve the gate yet; "" where they can."""
    try:
        signing.check_may_approve(concluded)
    except NotAllowed as error:
        return error.what
    return ""


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


def _sign(context: Context, shown: Shown, answer: Answer, due: str) -> Receipt:
    answer = msgspec.structs.replace(answer, conditions_due=filling.end(due, context.now, context.zone))
    return read_receipt(context, signing.sign(context, shown, answer))


def _sign_with(
    context: Context, shown: Shown, answer: Answer, due: str, key: str, given_up: Event
) -> Receipt:
    """The same with a key: an agent, a hardware key, or one without a passphrase answers.

    What the key answers after somebody has ``given_up`` is not kept.
    """
    keyed = with_key(context, key, asks=False)
    signs = keyed.signs
    assert signs is not None

    def unless_given_up(data: bytes) -> tuple[bytes, str]:
        made = signs(data)
        if given_up.is_set():
            raise NotAllowed("nothing was signed: it was given up before the key answered")
        return made

    return _sign(msgspec.structs.replace(keyed, signs=unless_given_up), shown, answer, due)


def check_answer(values: Values, sheet_: Sheet) -> dict[str, str]:
    """What is wrong with what was filled in, by field."""
    wrong = {}
    if Decision(values["decision"]) not in STOPPING and sheet_.why_not:
        wrong["decision"] = f"{sheet_.why_not}. You can send it back or reject it now."
    wrong |= {
        field: words
        for field, words in signing.lacks(said(values)).items()
        if field != "due" or not values["due"].strip()
    }
    if values["confirm"].strip() != sheet_.shown.release:
        wrong["confirm"] = f"type {sheet_.shown.release} to sign"
    return wrong


def said(values: Values) -> Answer:
    """What was filled in, as an answer."""
    return Answer(
        decision=Decision(values["decision"]),
        comment=values["comment"],
        conditions=values["conditions"],
        needed=values["needed"],
        needed_from=values["needed_from"],
    )
