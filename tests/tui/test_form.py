"""Forms lose nothing that was typed, and let nothing in that steers a terminal."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot

from workbench.model.errors import UsageError
from workbench.tui.theme import register
from workbench.tui.widgets.dialog import Confirm
from workbench.tui.widgets.fields import Choice, Option, pasted_line, pasted_lines
from workbench.tui.widgets.form import Field, FormScreen, Values, check_fields, hint_of

FIELDS = (
    Field("what", "What differs", required=True, hint="in words"),
    Field(
        "severity", "Severity", "choice", "high", options=(Option("high"), Option("medium"), Option("low"))
    ),
    Field("until", "Until", "date"),
    Field("why", "Why", "lines"),
    Field("owner", "Owner"),
)


class FormApp(App[None]):
    def __init__(self, form: FormScreen) -> None:
        super().__init__()
        register(self, "workbench-dark")
        self.form = form
        self.results: list[Values | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.form, self.results.append)


def error_below(form: FormScreen, name: str) -> str:
    box = form.query_one(f"#field-{name}")
    return str(box.query_one(".form--error").render()) if box.has_class("-wrong") else ""


async def fill(pilot: Pilot[None]) -> None:
    await pilot.press(*"gateway", "tab", "right", "tab", *"2026-12-01", "tab", *"why", "enter", *"so", "tab")


async def test_a_form_is_filled_in_and_saved_by_keys_alone() -> None:
    app = FormApp(FormScreen("Add", FIELDS))
    async with app.run_test(size=(80, 30)) as pilot:
        await fill(pilot)
        await pilot.press(*"Ada", "enter")
        await pilot.pause()
        assert app.results == [
            {"what": "gateway", "severity": "medium", "until": "2026-12-01", "why": "why\nso", "owner": "Ada"}
        ]


async def test_enter_goes_on_and_ctrl_s_saves_from_anywhere() -> None:
    app = FormApp(FormScreen("Add", FIELDS))
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("x", "enter")
        assert isinstance(app.focused, Choice)
        await pilot.press("l", "ctrl+s")
        await pilot.pause()
        assert app.results[0] is not None
        assert app.results[0]["severity"] == "low"


async def test_errors_stand_below_their_fields_and_nothing_is_lost() -> None:
    def check(values: Values) -> Values:
        return {"owner": "nobody is called [Bob]"} if values["owner"] == "Bob" else {}

    app = FormApp(FormScreen("Add", FIELDS, check=check))
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("tab", "tab", *"soon", "ctrl+s")
        assert error_below(app.form, "what") == "✗ Required: in words"
        assert "not a date or time; write 2026-12-01" in error_below(app.form, "until")
        assert app.form.values["until"] == "soon"
        await pilot.press("x", "tab", "tab", *["backspace"] * 4, "tab", "tab", *"Bob", "ctrl+s")
        assert error_below(app.form, "what") == ""
        assert error_below(app.form, "owner") == "✗ nobody is called [Bob]"
        assert app.results == []


async def test_a_refused_save_keeps_the_form_and_says_why() -> None:
    tries: list[Values] = []

    async def submit(values: Values) -> None:
        tries.append(values)
        if len(tries) == 1:
            raise UsageError("the record is [busy]", hint="try again")

    app = FormApp(FormScreen("Add", FIELDS, submit=submit))
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press(*"abc", "ctrl+s")
        trouble = str(app.form.query_one("#form-trouble").render())
        assert "the record is [busy]" in trouble
        assert "try again" in trouble
        assert app.form.values["what"] == "abc"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.results[0] is not None
        assert app.results[0]["what"] == "abc"


async def test_esc_leaves_at_once_when_nothing_was_changed() -> None:
    app = FormApp(FormScreen("Edit", FIELDS))
    async with app.run_test() as pilot:
        await pilot.press("escape")
        await pilot.pause()
        assert app.results == [None]


async def test_esc_asks_when_something_was_changed() -> None:
    app = FormApp(FormScreen("Edit", FIELDS))
    async with app.run_test() as pilot:
        await pilot.press("x", "escape")
        assert isinstance(app.screen, Confirm)
        await pilot.press("escape")
        assert app.screen is app.form
        assert app.form.values["what"] == "x"
        await pilot.press("escape", "enter")
        await pilot.pause()
        assert app.results == [None]


@pytest.mark.parametrize("field", ["what", "why"])
async def test_pasted_escape_codes_are_stripped(field: str) -> None:
    app = FormApp(FormScreen("Edit", FIELDS))
    async with app.run_test(size=(80, 30)) as pilot:
        app.form._inputs[field].focus()
        await pilot.pause()
        assert app.focused is not None
        app.focused.post_message(Paste("\x1b[31mred\x1b[0m\x1b]0;title\x07 \u202eok\x00"))
        await pilot.pause()
        assert app.form.values[field].startswith("red ok")
        assert not {"\x1b", "\x07", "\x00", "\u202e"} & set(app.form.values[field])


def test_pasted_text_keeps_its_lines_where_there_are_lines() -> None:
    assert pasted_line("one\r\ntwo\n") == "one  two" or pasted_line("one\ntwo\n") == "one two"
    assert pasted_lines("one\r\ntwo\x1b[1m!") == "one\ntwo!"


async def test_hostile_values_can_be_edited() -> None:
    hostile = "[/x][@click=app.quit]\x1b[2J\u202e🙂" + "x" * 100_000
    fields = [Field("a", hostile, value=hostile, hint=hostile), Field("b", hostile, "lines", hostile)]
    fields.append(Field("c", hostile, "choice", "1", options=(Option("1", hostile), Option("2", hostile))))
    app = FormApp(FormScreen(hostile, fields, note=hostile))
    async with app.run_test() as pilot:
        await pilot.press("tab", "tab", "space")
        app.form.show_errors({"a": hostile})
        app.form.show_trouble(UsageError(hostile, where=hostile, hint=hostile))
        await pilot.pause()
        assert app.is_running
        assert "\x1b" not in app.form.values["a"]


def test_a_choice_that_is_needed_says_so() -> None:
    field = Field("c", "C", "choice", required=True, options=(Option("1"),))
    assert check_fields([field], {"c": ""}) == {"c": "choose one"}


def test_whoever_has_to_be_listed_is_never_said_to_be_kept_as_written() -> None:
    field = Field("from", "From", "person", options=(Option("jo", "Jo"),), listed=True)
    assert hint_of(field, "") == "Jo; empty: anybody"
    assert hint_of(field, "the load test") == "not one of the project's people"
    owner = Field("owner", "Owner", "person", options=(Option("jo", "Jo"),))
    assert hint_of(owner, "the load test") == "not one of the project's people; kept as written"


def test_a_field_that_was_left_empty_still_says_what_it_asks_for() -> None:
    fields = [
        Field("affects", "Affects", required=True, hint="who is affected?"),
        Field(
            "before",
            "Regression",
            "choice",
            required=True,
            options=(Option("no"),),
            hint="did it work before?",
        ),
    ]
    assert check_fields(fields, {"affects": " ", "before": ""}) == {
        "affects": "Required: who is affected?",
        "before": "choose one: did it work before?",
    }


async def test_what_is_wrong_goes_as_soon_as_one_types_there() -> None:
    async def submit(values: Values) -> None:
        raise UsageError("the record is busy")

    app = FormApp(FormScreen("Add", FIELDS, submit=submit))
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("ctrl+s")
        assert error_below(app.form, "what") == "✗ Required: in words"
        await pilot.press("x")
        await pilot.pause()
        assert error_below(app.form, "what") == ""
        await pilot.press("ctrl+s")
        trouble = app.form.query_one("#form-trouble")
        assert trouble.display
        await pilot.press("y")
        await pilot.pause()
        assert not trouble.display


async def test_only_the_label_of_the_field_with_the_cursor_stands_out() -> None:
    def here(form: FormScreen) -> list[str]:
        return [field.name for field in FIELDS if form.query_one(f"#field-{field.name}").has_class("-here")]

    app = FormApp(FormScreen("Add", FIELDS))
    async with app.run_test(size=(80, 30)) as pilot:
        assert here(app.form) == ["what"]
        await pilot.press(*"a", "tab", "tab", *"soon", "tab", "tab", "ctrl+s")
        await pilot.pause()
        assert here(app.form) == ["until"]


async def test_typing_replaces_what_a_line_was_filled_in_with() -> None:
    app = FormApp(FormScreen("Edit", [Field("who", "Who", value="robin")]))
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press(*"kim", "ctrl+s")
        await pilot.pause()
        assert app.results == [{"who": "kim"}]


PEOPLE = (Option("robin", "Robin"), Option("kim", "Kim"), Option("kay", "Kay"))


async def test_a_person_is_found_as_one_types_and_completed_by_one_key() -> None:
    field = Field("owner", "Owner", "person", options=PEOPLE)
    app = FormApp(FormScreen("Add", [field]))
    async with app.run_test(size=(80, 30)) as pilot:
        hint = app.form.query_one(".form--hint")
        assert str(hint.render()) == "Robin, Kim, Kay; empty: unassigned"
        await pilot.press("k")
        await pilot.pause()
        assert str(hint.render()) == "Kim, Kay"
        await pilot.press("i")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("right", "ctrl+s")
        await pilot.pause()
        assert app.results == [{"owner": "kim"}] or app.results == [{"owner": "Kim"}]


async def test_a_field_says_that_it_is_needed_before_anybody_saves() -> None:
    fields = (
        Field("decision", "Decision", "choice", "close", options=(Option("close"), Option("accept"))),
        Field("until", "Until", "date", required_if=("decision", ("accept",))),
    )
    app = FormApp(FormScreen("Decide", fields))
    async with app.run_test(size=(80, 30)) as pilot:
        hint = app.form.query_one("#field-until .form--hint")
        assert str(hint.render()).startswith("2026-12-01")
        await pilot.press("a")
        await pilot.pause()
        assert str(hint.render()).startswith("Required: 2026-12-01")
