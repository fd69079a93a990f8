"""A form over the screen: fields with labels, hints and errors in words.

Nothing typed is lost: a form leaves the screen only when it was saved or given up.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Input, Static

from workbench.model.dates import read_moment
from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.past import WHEN as WHEN_PAST
from workbench.model.past import read_past
from workbench.model.text import safe_lines, safe_text
from workbench.tui.binding import bind
from workbench.tui.widgets.fields import Choice, Option, PersonInput, TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Page

Kind = Literal["text", "choice", "lines", "date", "past", "person"]
WHEN = "2026-12-01, 1 Dec 2026, tomorrow, or 30d (30 days from now)"
MOST_NAMES = 8
# How a moment is read: whether it can be read does not depend on the zone.
_READERS: Mapping[str, Callable[[str, tzinfo, datetime], datetime]] = {"date": read_moment, "past": read_past}
Values = dict[str, str]
Check = Callable[[Values], Mapping[str, str]]
Submit = Callable[[Values], Awaitable[None] | None]


if TYPE_CHECKING:
    from textual.widgets import TextArea


class Field(msgspec.Struct, frozen=True):
    """One thing to fill in; ``options`` are for a choice, and the project's people for a person, who may be
    anybody else, too; a date may be typed in every way that the command line reads, and what is past as a
    time of day.

    ``only_if`` names another field and the values that it must have for this one to show,
    ``required_if`` another field and the values with which this one is needed, which it then says
    before anybody saves; the form's own check says why.  ``listed`` says that a person has to be one of
    the options, or is left open.
    """

    name: str
    label: str
    kind: Kind = "text"
    value: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    only_if: tuple[str, str | tuple[str, ...]] | None = None
    required_if: tuple[str, tuple[str, ...]] | None = None
    listed: bool = False


def check_fields(fields: Sequence[Field], values: Mapping[str, str]) -> Values:
    """What is wrong with the values as such, by field name."""
    errors: Values = {}
    for field in fields:
        value = values[field.name].strip()
        if not _holds(field.only_if, values):
            continue  # it does not show
        if field.required and not value:
            lacks = "choose one" if field.kind == "choice" else "Required"
            errors[field.name] = f"{lacks}: {field.hint}" if field.hint else lacks
        elif field.kind in _READERS and value:
            try:
                _READERS[field.kind](value, UTC, datetime.now(UTC))
            except UsageError as error:
                errors[field.name] = f"{error.what}; {error.hint}"
    return errors


def is_required(field: Field, values: Mapping[str, str]) -> bool:
    """Whether a field has to be filled in, as the others are filled in now."""
    return field.required or (field.required_if is not None and _holds(field.required_if, values))


def _holds(condition: tuple[str, str | tuple[str, ...]] | None, values: Mapping[str, str]) -> bool:
    if condition is None:
        return True
    other, wanted = condition
    return values[other] in ((wanted,) if isinstance(wanted, str) else wanted)


class FormScreen(Panel[Values | None]):
    """A form; its result are the values by field name, or ``None`` when it was given up.

    ``preview`` makes of what is filled in what will be read of it, which stands below the fields.

    ``check`` finds what is wrong, by field name.  ``submit`` saves, perhaps asynchronously;
    a ``WorkbenchError`` from it is shown in the form, which stays.
    """

    KEPT: ClassVar[bool] = True  # what was typed comes back after the app was left

    DEFAULT_CSS = """
    FormScreen > .panel--box { width: 84; }
    FormScreen .form--field { height: auto; margin-bottom: 1; padding-left: 1; }
    FormScreen .form--row { height: auto; layout: horizontal; }
    FormScreen .form--label { width: 18; height: auto; color: $foreground-muted; }
    FormScreen .form--field.-here .form--label { color: $accent; text-style: bold; }
    FormScreen .form--hint { height: auto; margin-left: 19; color: $foreground-muted; }
    FormScreen .form--error { height: auto; margin-left: 19; color: $error; display: none; }
    FormScreen .-wrong .form--error { display: block; }
    FormScreen .-wrong .form--hint, FormScreen .form--hint.-empty { display: none; }
    FormScreen #form-trouble { color: $error; height: auto; display: none; padding-left: 1; }
    FormScreen #form-trouble.-shown { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+s", "save", "save what was filled in", priority=True, stays=True),
        bind("enter", "next", "to the next field; in the last one, save", own_label="next"),
        bind("down", "app.focus_next", "to the next field", also=False, stays=True),
        bind("up", "app.focus_previous", "to the previous field", also=False, stays=True),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        note: str = "",
        intro: Sequence[Block] = (),
        check: Check | None = None,
        submit: Submit | None = None,
        save_label: str = "save",
        preview: Callable[[Values], Sequence[Block]] | None = None,
    ) -> None:
        super().__init__()
        self._title = safe_text(title, 200)
        self._note = safe_text(note, 400)
        self._intro = tuple(intro)
        self._fields = tuple(fields)
        self._check = check
        self._submit = submit
        self._save_label = save_label
        self._preview = preview
        self._inputs: dict[str, Widget] = {}
        self._first: Values = {}
        self._saving = False

    def compose(self) -> ComposeResult:
        with PanelBox(self._title):
            with VerticalScroll(classes="panel--scroll", can_focus=False):
                if self._intro:
                    yield Page(self._intro)
                    yield Static()
                if self._note:
                    yield Static(Content(self._note), classes="form--field")
                for field in self._fields:
                    yield from self._compose_field(field)
                if self._preview is not None:
                    yield Page(id="form-preview")
            yield Static(id="form-trouble")
            yield FooterLine(
                [
                    Hint("save", "ctrl+s", self._save_label, priority=3, filled=True),
                    Hint("app.focus_next", "tab", "next field", priority=1),
                    Hint("back", "esc", "go back", priority=2),
                ]
            )

    def _compose_field(self, field: Field) -> ComposeResult:
        widget = _input(field)
        self._inputs[field.name] = widget
        with Vertical(classes="form--field", id=f"field-{field.name}"):
            with Vertical(classes="form--row"):
                yield Static(Content(safe_text(field.label, 40)), classes="form--label")
                yield widget
            yield Static(classes="form--hint")
            yield Static(classes="form--error")

    def on_mount(self) -> None:
        """Remember what it began with, and begin at the first field."""
        self._first = self.values
        self._show_fields()
        self._show_preview()
        next(iter(self._inputs.values())).focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The label of the field with the cursor stands out, and of no other."""
        for name, widget in self._inputs.items():
            self.query_one(f"#field-{name}").set_class(widget is event.widget, "-here")

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Fields that depend on the answer come and go."""
        event.stop()
        self._show_fields()
        self._put_right(event.choice)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Somebody types."""
        event.stop()
        self._put_right(event.input)
        if isinstance(event.input, PersonInput):
            self._show_fields()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Somebody types."""
        event.stop()
        self._put_right(event.text_area)

    def _show_preview(self) -> None:
        if self._preview is not None:
            self.query_one("#form-preview", Page).show(self._preview(self.values))
            self.call_after_refresh(self.limit_height)

    def _put_right(self, widget: Widget) -> None:
        """What was wrong in a field is being put right: the complaint goes, and so does what the save said."""
        for name, each in self._inputs.items():
            if each is widget:
                self.query_one(f"#field-{name}").remove_class("-wrong")
        self.show_trouble(None)
        self._show_preview()

    def _show_fields(self) -> None:
        values = self.values
        for field in self._fields:
            box = self.query_one(f"#field-{field.name}")
            box.display = _holds(field.only_if, values)
            hint = box.query_one(".form--hint", Static)
            lacking = is_required(field, values) and field.kind != "choice" and not values[field.name].strip()
            needed = "Required" if lacking else ""
            words = ": ".join(part for part in (needed, hint_of(field, values[field.name])) if part)
            hint.set_class(not words, "-empty")
            hint.update(Content(words))
        self.call_after_refresh(self.limit_height)

    @property
    def values(self) -> Values:
        """What is filled in now."""
        return {field.name: _value(self._inputs[field.name]) for field in self._fields}

    @property
    def filled_in(self) -> bool:
        """Whether something would be lost by leaving."""
        return self.values != self._first

    @property
    def title_text(self) -> str:
        """What the form is called."""
        return self._title

    def typed(self) -> Values:
        """What was filled in and is not saved yet, by field."""
        return {name: value for name, value in self.values.items() if value != self._first[name]}

    def type_again(self, words: Mapping[str, str]) -> None:
        """Fill in what had been typed; fields that there are no more are left out."""
        for name, text in words.items():
            widget = self._inputs.get(name)
            if hasattr(widget, "text"):
                widget.text = "\n".join(safe_lines(text, 20_000))  # type: ignore[union-attr]
            elif widget is not None:
                widget.value = safe_text(text, 2000)  # type: ignore[attr-defined]

    def unsaved(self) -> list[str]:
        """What was filled in and is not saved yet: the form's title, then a line for each such field."""
        now = self.values
        changed = [field for field in self._fields if now[field.name] != self._first[field.name]]
        lines = [f"  {safe_text(field.label, 40)}: {safe_text(now[field.name])}" for field in changed]
        return [f"  {self._title}", *lines] if lines else []

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Put each error below its field and go to the first; other fields are right."""
        for field in self._fields:
            box = self.query_one(f"#field-{field.name}")
            box.set_class(field.name in errors, "-wrong")
            if field.name in errors:  # a text that is not shown would be laid out all the same
                text = safe_text(errors[field.name], 300)
                box.query_one(".form--error", Static).update(Content(f"✗ {text}"))
        first = next((field.name for field in self._fields if field.name in errors), None)
        if first is not None:
            self._inputs[first].focus()

    def show_trouble(self, error: WorkbenchError | None) -> None:
        """Say why it could not be saved; the form stays as it is."""
        where = self.query_one("#form-trouble", Static)
        if error is None and not where.has_class("-shown"):
            return
        where.set_class(error is not None, "-shown")
        if error is not None:
            parts = [safe_text(part, 300) for part in (error.what, error.where, error.hint) if part]
            where.update(Content("✗ " + "\n  ".join(parts)))
        self.call_after_refresh(self.limit_height)

    async def action_save(self) -> None:
        """Check, save, and leave with the values."""
        if self._saving:
            return
        values = self.values
        errors = check_fields(self._fields, values)
        if not errors and self._check is not None:
            errors = dict(self._check(values))
        self.show_errors(errors)
        self.show_trouble(None)
        if errors:
            return
        self._saving = True
        try:
            if self._submit is not None:
                waiting = self._submit(values)
                if inspect.isawaitable(waiting):
                    await waiting
        except WorkbenchError as error:
            self.show_trouble(error)
            return
        finally:
            self._saving = False
        self.dismiss(values)

    async def action_next(self) -> None:
        """To the next field; from the last one, save."""
        inputs = [widget for widget in self._inputs.values() if _shown(widget)]
        if self.focused is inputs[-1]:
            await self.action_save()
        elif self.focused in inputs:
            inputs[inputs.index(self.focused) + 1].focus()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """``enter`` in a line of text."""
        event.stop()
        await self.action_next()

    def action_back(self) -> None:
        """Leave; asks first when something was filled in."""
        if not self.filled_in:
            self.dismiss(None)
            return
        from workbench.tui.widgets.dialog import Confirm

        def answered(leave: bool | None) -> None:
            if leave:
                self.dismiss(None)

        self.app.push_screen(
            Confirm(
                "Leave without saving?", "What you filled in here would be lost.", yes="leave", no="stay"
            ),
            answered,
        )


def hint_of(field: Field, typed: str) -> str:
    """What stands below a field: of a date how it is written, of a person who fits what is typed by now."""
    hint = safe_text(field.hint, 200)
    if field.kind == "past":
        return hint or WHEN_PAST
    if field.kind == "date":
        return hint if "2026" in hint else "; ".join(part for part in (hint, WHEN) if part)
    if field.kind == "person":
        return "; ".join(part for part in (hint, _people_words(field, typed)) if part)
    return hint


def _people_words(field: Field, typed: str) -> str:
    """The people who fit what is typed; all of them where nothing is."""
    start = typed.strip().casefold()
    fitting = [
        safe_text(option.label or option.value, 40)
        for option in field.options
        if start in (option.label or option.value).casefold() or start in option.value.casefold()
    ]
    names = ", ".join(fitting[:MOST_NAMES])
    if not start:
        empty = "empty: anybody" if field.listed else "empty: unassigned"
        return names if field.required else "; ".join(part for part in (names, empty) if part)
    kept = "" if field.listed else "; kept as written"
    return names or (f"not one of the project's people{kept}" if field.options else "")


def _shown(widget: Widget) -> bool:
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))


def _input(field: Field) -> Widget:
    if field.kind == "choice":
        return Choice(field.options, field.value)
    if field.kind == "lines":
        from workbench.tui.widgets.area import LinesInput

        return LinesInput(field.value)
    if field.kind == "person":
        return PersonInput(field.value, [option.label or option.value for option in field.options])
    return TextInput(field.value)


def _value(widget: Widget) -> str:
    text: str = widget.text if hasattr(widget, "text") else widget.value  # type: ignore[attr-defined]
    return text
