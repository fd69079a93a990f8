"""Where ``enter`` on Readiness leads, over every kind of line; asking; the page of a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build
from tests.tui.driving import driven, press, second_writer, shown, web_shop
from tests.tui.stories import clear_everything, said
from textual.pilot import Pilot

from workbench.definitions.shapes import Person
from workbench.gates.model import Part, State
from workbench.model.steps import Job, Step
from workbench.releases.model import Outcome, Release
from workbench.tui.registry import Destination
from workbench.tui.screens.benchmark_detail import BenchmarkDetail
from workbench.tui.screens.clearing import cleared_at, to_decide
from workbench.tui.screens.deciding import alone
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.tui.screens.walking import WalkingScreen
from workbench.tui.widgets.form import FormScreen
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import deciding, releasing
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


def lines(pilot: Pilot[None]) -> RecordTable:
    return next(s for s in pilot.app.screen_stack if isinstance(s, ReadinessScreen)).query_one(RecordTable)


async def enter(pilot: Pilot[None], key: str) -> None:
    """Press enter on the line with that key."""
    screen = pilot.app.screen
    assert isinstance(screen, ReadinessScreen)
    screen.unfold_all()
    assert lines(pilot).move_to(key), (key, lines(pilot).keys)
    await press(pilot, "enter")


def stands_on(pilot: Pilot[None]) -> tuple[str, str | None]:
    """The mode, and the row under the cursor there."""
    return pilot.app.current_mode, pilot.app.screen.query_one(RecordTable).cursor_key


def walked(pilot: Pilot[None]) -> str | None:
    """The item that is walked on."""
    screen = pilot.app.screen
    view = screen.item() if isinstance(screen, WalkingScreen) else None
    return f"{view.checklist}/{view.item.key}" if view else None


async def test_a_walk_that_was_left_open_never_takes_the_row(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "4", "enter")
        assert isinstance(pilot.app.screen, WalkingScreen)
        await press(pilot, "1")
        await enter(pilot, "item/production-readiness/security-agrees")
        assert walked(pilot) == "production-readiness/security-agrees"
        assert len(pilot.app.screen_stack) == 2, "the walk that was left open is closed"
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


async def test_every_kind_of_line_leads_to_where_it_is_cleared(shop: Path) -> None:
    async with driven(shop) as pilot:
        (difference,) = (key for key in lines(pilot).keys if key.startswith("difference/"))
        ways = {
            difference: ("parity", difference.partition("/")[2]),
            "tests/ci": ("benchmarks", "tests/ci"),
        }
        for key, place in ways.items():
            await enter(pilot, key)
            assert stands_on(pilot) == place
            await press(pilot, "escape")
            assert isinstance(pilot.app.screen, ReadinessScreen) and lines(pilot).cursor_key == key
        await enter(pilot, "item/pre-production/data-masked")
        assert walked(pilot) == "pre-production/data-masked"
        await press(pilot, "escape")
        await enter(pilot, "parity/reviewed")
        assert pilot.app.current_mode == "parity"
        await press(pilot, "escape")
        await enter(pilot, "benchmark/payment-faults")
        assert isinstance(pilot.app.screen, BenchmarkDetail) and "Payment faults" in shown(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReadinessScreen)


def _asked(about: str, job: Job, subject: str) -> Part:
    return Part(key="k", title="t", state=State.NOT_MET, why="", about=about, step=Step(job, subject))


def test_what_a_probe_or_an_item_asks_for_is_done_where_that_is_done() -> None:
    old = _asked("probe/fresh", Job.REFRESH_DATA, "staging")
    assert cleared_at(old, None) == Destination("environment", "environments", "staging")
    assert cleared_at(_asked("item/go/fresh", Job.VALIDATE_DATA, "staging"), None).mode == "environments"
    assert cleared_at(_asked("item/go/probes", Job.TAKE_PROPOSALS, "flags"), None).mode == "probes"
    assert cleared_at(_asked("probe/flags", Job.TAKE_PROPOSALS, "flags"), None).row == "flags"


def test_a_line_of_a_probe_names_the_difference_to_decide_on() -> None:
    assert to_decide(_asked("probe/flags", Job.DECIDE_DIFFERENCE, "one")) == "one"
    assert to_decide(_asked("difference/two", Job.APPROVE, "")) == "two"
    assert to_decide(_asked("probe/flags", Job.TAKE_PROPOSALS, "flags")) == ""


async def test_a_page_of_a_benchmark_that_was_left_open_gives_way(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "3", "enter", "1")
        await enter(pilot, "benchmark/payment-faults")
        assert len(pilot.app.screen_stack) == 2 and "Payment faults" in shown(pilot)


async def test_freezes_open_their_form(shop: Path) -> None:
    path = shop / "workbench.yaml"
    path.write_text(path.read_text("utf-8").replace("first: 2026-11-23", "first: 2026-09-01"), "utf-8")
    with second_writer(shop, "kim") as context:
        deciding.freeze(context, "an incident in staging")
    async with driven(shop, (80, 30)) as pilot:
        assert "Earliest   Wed 2 Dec 2026 00:00 CET" in shown(pilot)
        for key, words in (("freeze", "Lift the freeze?"), ("change-freeze", "change freeze until")):
            await enter(pilot, key)
            assert isinstance(pilot.app.screen, FormScreen) and words in shown(pilot)
            await press(pilot, "escape")


async def test_without_a_candidate_enter_proposes_one(shop: Path) -> None:
    with second_writer(shop) as context:
        releasing.end(context, evaluate(context).held, Outcome.ABANDONED, reason="the customers want to wait")
        releasing.plan(context, Release(version="2.15.0"))
    async with driven(shop) as pilot:
        assert "P propose build" in shown(pilot).splitlines()[-1]
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FormScreen) and "Propose rc1 of 2.15.0" in shown(pilot)


async def test_what_only_a_release_says_is_written_there(shop: Path) -> None:
    with second_writer(shop) as context:
        releasing.end(context, evaluate(context).held, Outcome.ABANDONED, reason="the customers want to wait")
        releasing.plan(context, Release(version="2.15.0"))
        held = evaluate(context).held.id
    async with driven(shop) as pilot:
        await enter(pilot, "item/production-readiness/watch-planned")
        assert stands_on(pilot) == ("releases", held)


async def test_enter_on_the_signature_of_somebody_else_says_who_is_missing(shop: Path) -> None:
    clear_everything(shop)
    async with driven(shop) as pilot:
        await enter(pilot, "sign/sign-off/staging-owner")
        assert isinstance(pilot.app.screen, ReadinessScreen), "nobody's sheet opens"
        assert said(pilot)[-1] == "Sign-off: staging owner: waiting for kim or mika; @ to ask them"
        await press(pilot, "at")
        assert "Ask for a signature" in shown(pilot)
        await press(pilot, "escape")
        await enter(pilot, "sign/sign-off/release-owner")
        assert isinstance(pilot.app.screen, FormScreen) and "2.14.0" in shown(pilot)


async def test_asking_writes_a_sheet_from_the_line(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clear_everything(shop)
    monkeypatch.chdir(shop)
    async with driven(shop) as pilot:
        assert lines(pilot).move_to("sign/sign-off/staging-owner")
        await press(pilot, "at", "ctrl+s")
        assert "wrote " in said(pilot)[-1] and "for kim, code " in said(pilot)[-1]
    assert list(shop.glob("*.html"))


async def test_who_can_do_an_item_is_sent_a_message(shop: Path) -> None:
    async with driven(shop, (160, 50)) as pilot:
        assert lines(pilot).move_to("item/production-readiness/security-agrees")
        await press(pilot, "at")
        assert pilot.app.clipboard.splitlines()[0] == "Web shop 2.14.0 rc2 waits for noor:"
        assert pilot.app.clipboard.splitlines()[-1].endswith("--as noor")


async def test_who_said_no_answers_anew(shop: Path) -> None:
    clear_everything(shop)
    with second_writer(shop, "kim") as context:
        build.sign(context, "sign-off", "kim", "reject", comment="not this week")
        (part,) = [p for _, p in evaluate(context).open_parts() if p.key.startswith("rejection/")]
    async with driven(shop, person="kim") as pilot:
        await enter(pilot, part.key)
        assert isinstance(pilot.app.screen, FormScreen)


async def test_brackets_stop_only_where_a_person_has_to_act(shop: Path) -> None:
    path = shop / "workbench.yaml"
    path.write_text(path.read_text("utf-8").replace("first: 2026-11-23", "first: 2026-09-01"), "utf-8")
    async with driven(shop, (80, 40)) as pilot:
        assert "Clears automatically" in shown(pilot) and "clears 2 Dec 00:00" in shown(pilot)
        seen = []
        for _ in range(4):
            await press(pilot, "right_square_bracket")
            seen.append(lines(pilot).cursor_key)
        assert "change-freeze" not in seen and len(set(seen)) == 3


async def test_a_line_has_a_page_that_says_what_it_means(shop: Path) -> None:
    async with driven(shop, (100, 60)) as pilot:
        await press(pilot, "i")
        text = shown(pilot)
        for heading in ("What it means", "How it is misread", "How it is cleared"):
            assert heading in text
        assert "Fetching again will not" in text


async def test_the_page_of_a_line_does_what_its_next_says(shop: Path) -> None:
    async with driven(shop, (100, 60)) as pilot:
        await press(pilot, "i", "P")
        assert "Propose rc3 of 2.14.0" in shown(pilot)
        await press(pilot, "escape")
        assert lines(pilot).move_to("item/production-readiness/security-agrees")
        await press(pilot, "i", "at")
        assert pilot.app.clipboard.startswith("Web shop 2.14.0 rc2 waits for noor:")
        await press(pilot, "i", "enter")
        assert isinstance(pilot.app.screen, ReadinessScreen), "enter only closes a page that does not name it"


async def test_a_key_that_means_nothing_here_says_so(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "x", "Q", "delete")
        assert said(pilot) == [
            "x not applicable: does nothing here · ? help",
            "Q: does nothing here · ? help",
            "delete remove: does nothing here · ? help",
        ]
        await press(pilot, "escape", "j", "question_mark", "escape")
        assert len(said(pilot)) == 3, "what a key does is not said to be nothing"
        await press(pilot, "slash", "x", "enter")
        assert len(said(pilot)) == 3, "nor what is typed"


def test_who_is_alone_in_a_project_is_told_that_nobody_can_approve() -> None:
    ada, ben = (Person(key=key, name=key.title()) for key in ("ada", "ben"))
    (said_,) = alone([ada], "ada")
    assert "names nobody else" in said_.text
    assert not alone([ada, ben], "ada"), "somebody else can"
    assert not alone([], "ada"), "a project that names nobody lets anybody"
