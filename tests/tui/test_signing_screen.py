"""Signing: what is read before, who may say what, and that the line turns by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.tui.driving import driven, in_panel, opened, press, second_writer, settle, shown, web_shop
from tests.tui.pictures import body, in_sizes
from tests.tui.stories import answer_item, clear_everything, said

from workbench.checklists.model import ItemState
from workbench.signoff import model as signoff
from workbench.signoff.model import Decision, SignOff
from workbench.tui.screens.readiness import ReadinessScreen
from workbench.tui.screens.signing import SigningForm
from workbench.usecases import answering, signing
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return web_shop(tmp_path, monkeypatch)


@pytest.fixture
def cleared(shop: Path) -> Path:
    clear_everything(shop)
    return shop


def signed(root: Path) -> list[SignOff]:
    with second_writer(root) as context:
        return [value for _, value in signoff.signoffs(context.record, evaluate(context).held.id)]


async def test_the_sheet_says_what_is_seen_and_who_else_signs(cleared: Path) -> None:
    async with driven(cleared, (100, 40)) as pilot:
        await press(pilot, "s")
        text = shown(pilot)
        assert "Sign off Web shop 2.14.0 rc2, commit a1b2c3d" in text
        assert "11 benchmarks: 7 pass, 1 warn, 3 overridden" in text
        assert "3 high-severity differences: " in text and "undecided" not in text
        assert "release owner (you or mika)" in text
        assert "I have read the figures above and accept the stated gaps." in text
        assert "robin, release owner" in text


async def test_digests_identity_and_ledger_are_one_key_deeper(cleared: Path) -> None:
    with second_writer(cleared) as context:
        head = context.record.head
    async with driven(cleared, (140, 40)) as pilot:
        await press(pilot, "s")
        assert head.chain not in shown(pilot)
        await press(pilot, "f3")
        assert f"entry {head.seq}, chain {head.chain}" in shown(pilot)
        assert "asserted identity" in shown(pilot)
        await press(pilot, "escape", *"2.14.0", "enter")
    assert signed(cleared)[0].shown in digests_shown(cleared)


def digests_shown(root: Path) -> set[str]:
    with second_writer(root) as context:
        found = [value.shown for _, value in signoff.signoffs(context.record, evaluate(context).held.id)]
        return {digest for digest in found if context.record.blob(digest) is not None}


async def test_the_version_is_typed_and_the_line_turns_by_itself(cleared: Path) -> None:
    async with driven(cleared) as pilot:
        assert "waiting for you or mika" in shown(pilot)
        await press(pilot, "s", *"2.13.0", "enter")
        assert isinstance(pilot.app.screen, SigningForm)
        assert "✗ type 2.14.0 to sign" in shown(pilot)
        await press(pilot, *["backspace"] * 4, *"14.0", "enter")
        text = in_panel(pilot)
        assert "Sign-off of Web shop 2.14.0 rc2: approved" in text and "robin as release owner" in text
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReadinessScreen)
        assert said(pilot) == ["Sign-off: signed as release owner"]
        assert "waiting for you or mika" not in shown(pilot)
        assert "2 to sign" in shown(pilot)
    assert [value.decision for value in signed(cleared)] == [Decision.APPROVE]


async def test_three_people_sign_and_nothing_is_left(cleared: Path) -> None:
    for person in ("robin", "kim", "sam"):
        async with driven(cleared, person=person) as pilot:
            await press(pilot, "s", *"2.14.0", "enter")
    async with driven(cleared) as pilot:
        assert "✓ Nothing open   ready to ship · 6 M to mark it as shipped" in shown(pilot)
        assert "✓ Sign-off" in shown(pilot)
        assert "✓ signed" in shown(pilot)


async def test_approving_waits_for_earlier_gates_but_rejecting_does_not(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "s", *"2.14.0", "enter")
        assert isinstance(pilot.app.screen, SigningForm)
        text = in_panel(pilot)
        assert "✗ you can't approve Sign-off yet: earlier gates come first" in text
        assert "You can send it back or reject it now." in text
        await press(pilot, "r", "enter")
        assert "what has to change?" not in shown(pilot)
        await press(pilot, "ctrl+s")
        assert "✗ a rejection needs a comment: what has to change?" in shown(pilot)
        await press(pilot, *"clear the payment faults", "ctrl+s")
        assert said(pilot) == ["Sign-off: rejected as release owner"]
        assert "✗ 4 blockers" in shown(pilot)
    assert [value.decision for value in signed(shop)] == [Decision.REJECT]


async def test_conditions_ask_what_and_until_when(cleared: Path) -> None:
    async with driven(cleared, (80, 40)) as pilot:
        await press(pilot, "s", *"2.14.0", "up", "up", "w", "ctrl+s")
        assert "✗ state the conditions" in shown(pilot)
        assert "✗ give a due date for the conditions" in shown(pilot)
        await press(pilot, *"watch refunds", "tab", *"2026-10-01", "ctrl+s")
        assert said(pilot) == ["Sign-off: signed with conditions as release owner"]
    assert signed(cleared)[0].conditions == "watch refunds"


async def test_a_gate_is_sent_back_and_somebody_else_hands_it_back(cleared: Path) -> None:
    async with driven(cleared, (120, 40)) as pilot:
        await press(pilot, "s", *"2.14.0", "up", "up", "s", "ctrl+s")
        assert "✗ say what you need before you can decide" in shown(pilot)
        await press(pilot, *"the retry test", "tab", *"jo", "ctrl+s")
        assert said(pilot) == ["Sign-off: sent back as release owner"]
        assert "sent back by robin: needs" in shown(pilot)
    async with driven(cleared, (120, 40), person="mika") as pilot:
        await press(pilot, "right_square_bracket", "enter", "ctrl+s")
        assert "Hand it back to robin?" in shown(pilot) and "✗ Required" in shown(pilot)
        await press(pilot, *"it ran again at noon", "ctrl+s")
        assert said(pilot) == ["handed back to robin, who decides now"]


async def test_a_gate_is_rejected_and_somebody_else_of_the_role_dismisses_it(cleared: Path) -> None:
    async with driven(cleared, (120, 40)) as pilot:
        await press(pilot, "s", *"2.14.0", "up", "up", "r", "tab", *"too early", "ctrl+s")
        assert said(pilot) == ["Sign-off: rejected as release owner"]
    async with driven(cleared, (120, 40), person="mika") as pilot:
        await press(pilot, "right_square_bracket", "enter", "ctrl+s")
        assert "Dismiss robin's answer?" in shown(pilot) and "✗ Required" in shown(pilot)
        await press(pilot, *"it ran again at noon", "ctrl+s")
        assert said(pilot) == ["robin's answer is dismissed"]
        assert "rejected by robin" not in shown(pilot)


async def test_nobody_signs_twice_and_who_is_missing_is_said(cleared: Path) -> None:
    async with driven(cleared, (80, 40)) as pilot:
        await press(pilot, "s", *"2.14.0", "enter", "enter")
        await press(pilot, "s")
        text = in_panel(pilot)
        assert "You have already answered Sign-off" in shown(pilot)
        assert "Given ✓ your approval of Sign-off, Tue 15 Sep 2026 12:00 CEST" in text
        assert "Still missing staging owner (kim or mika) product owner (sam or lena)" in text
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, ReadinessScreen)
    assert len(signed(cleared)) == 1


async def test_an_answer_is_changed_by_saying_so_and_shows_what_it_replaces(cleared: Path) -> None:
    async with driven(cleared, (80, 40)) as pilot:
        await press(pilot, "s", *"2.14.0", "enter", "enter")
        await press(pilot, "s", "c", "ctrl+s")
        assert isinstance(pilot.app.screen, SigningForm)
        await press(pilot, *"2.14.0", "ctrl+s")
        text = in_panel(pilot)
        assert "Replaces ▲ your approval of Sign-off, Tue 15 Sep 2026 12:00 CEST" in text
        assert "✗ choose one" in text
        await press(pilot, "a", "tab", "tab", "y", "ctrl+s")
        assert "robin already gave this approval of Sign-off" in in_panel(pilot)
        await press(pilot, "up", "up", "r", "tab", *"too early", "ctrl+s", "enter")
        assert isinstance(pilot.app.screen, ReadinessScreen)
    first, second = signed(cleared)
    assert (first.decision, second.decision) == (Decision.APPROVE, Decision.REJECT)
    assert second.replaces is not None and len(second.replaces) == 1 and first.replaces == ()


async def test_a_signature_is_revoked_with_a_reason(cleared: Path) -> None:
    async with driven(cleared, (80, 40)) as pilot:
        await press(pilot, "s", *"2.14.0", "enter", "enter")
        await press(pilot, "s", "r", "tab", *"wrong release", "ctrl+s")
        assert "3 to sign" in shown(pilot)
    assert [value.revoked_why for value in signed(cleared)] == ["wrong release"]


async def test_what_changed_under_the_readers_eyes_is_not_signed(cleared: Path) -> None:
    async with driven(cleared) as pilot:
        await press(pilot, "s")
        with second_writer(cleared, "kim") as context:
            found = evaluate(context)
            view = answering.find_item(found, "pre-production/data-masked")
            answering.answer(context, found, view, ItemState.FAILED, reason="unmasked after all")
        await press(pilot, *"2.14.0", "enter")
        assert isinstance(pilot.app.screen, SigningForm)
        assert "✗ " in shown(pilot)
    assert signed(cleared) == []


async def test_a_sign_off_that_is_out_of_date_says_why(cleared: Path) -> None:
    async with driven(cleared, (120, 40)) as pilot:
        await press(pilot, "s", *"2.14.0", "enter", "enter")
        with second_writer(cleared, "kim") as context:
            found = evaluate(context)
            view = answering.find_item(found, "pre-production/data-masked")
            answering.answer(context, found, view, ItemState.FAILED, reason="unmasked after all")
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "robin's sign-off of Sign-off" in shown(pilot)
        assert "out of date" in shown(pilot)
        with second_writer(cleared, "kim") as context:
            answer_item(context, answering.find_item(evaluate(context), "pre-production/data-masked"))


async def test_somebody_without_the_role_is_told_so(cleared: Path) -> None:
    async with driven(cleared, person="jo") as pilot:
        await press(pilot, "s")
        assert said(pilot) == ["s sign: you have none of the roles that Sign-off asks for"]


async def test_what_was_typed_is_asked_for_before_it_is_dropped(cleared: Path) -> None:
    async with driven(cleared) as pilot:
        await press(pilot, "s", *"2.1", "escape")
        assert "Leave without saving?" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReadinessScreen)
    assert signed(cleared) == []


async def test_somebody_who_signs_meanwhile_is_told_and_nothing_typed_is_lost(cleared: Path) -> None:
    async with driven(cleared, (100, 40)) as pilot:
        await press(pilot, "s", "up", *"looks good", "down", *"2.14")
        with second_writer(cleared, "kim") as context:
            shown_ = signing.prepare(context, evaluate(context), "sign-off")
            signing.sign(context, shown_, signing.Answer(decision=Decision.APPROVE))
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        text = in_panel(pilot)
        assert "▲ Changed while you read: kim approved as staging owner" in text
        assert "○ product owner (sam or lena)" in text and "staging owner (" not in text
        await press(pilot, *".0", "enter", "enter")
    assert [(one.person, one.comment) for one in signed(cleared)] == [("kim", ""), ("robin", "looks good")]


async def test_a_definition_that_changes_meanwhile_is_read_before_anybody_signs(cleared: Path) -> None:
    file = cleared / "workbench.yaml"
    async with driven(cleared, (100, 40)) as pilot:
        await press(pilot, "s", *"2.14.0")
        text = file.read_text("utf-8")
        said_now = "open_for: 72h\n      meaning: I agree to everything."
        file.write_text(text.replace("open_for: 72h", said_now), "utf-8")
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        assert "I agree to everything." in in_panel(pilot)
        await press(pilot, "enter")
        assert "✗ what you were shown has changed in the meantime" in in_panel(pilot)
        assert isinstance(pilot.app.screen, SigningForm)
        await press(pilot, "enter", "enter")
    assert [one.meaning for one in signed(cleared)] == ["I agree to everything."]


async def test_what_changed_since_one_last_looked_is_said_the_next_time(cleared: Path) -> None:
    async with driven(cleared, (100, 40)) as pilot:
        await press(pilot, "s")
        assert "Since you looked you have not seen this sheet before" in in_panel(pilot)
        await press(pilot, "escape", "s")
        assert "✓ nothing changed since Tue 15 Sep 2026 12:00 CEST" in in_panel(pilot)
        await press(pilot, "escape")
        with second_writer(cleared, "kim") as context:
            found = evaluate(context)
            view = answering.find_item(found, "pre-production/data-masked")
            answering.answer(context, found, view, ItemState.FAILED, reason="unmasked after all")
        await pilot.app.poll()  # type: ignore[attr-defined]
        await settle(pilot)
        await press(pilot, "s")
        text = in_panel(pilot)
        assert "Since you looked ▲" in text and "masked" in text.partition("Since you looked")[2][:120]


async def test_the_next_blocker_is_one_key_away_and_what_was_typed_waits(shop: Path) -> None:
    async with driven(shop, (100, 40)) as pilot:
        await press(pilot, "s", "up", *"see the queue", "f5")
        assert "Override this blocker?" in shown(pilot) or not isinstance(pilot.app.screen, SigningForm)
        while not isinstance(pilot.app.screen, ReadinessScreen):
            await press(pilot, "escape")
        await press(pilot, "s")
        assert "see the queue" in in_panel(pilot)


async def test_parts_of_the_sheet_fold_and_the_decision_stays_in_sight(shop: Path) -> None:
    async with driven(shop) as pilot:
        await press(pilot, "s")
        folded = in_panel(pilot)
        assert "Probes 2 probes: all proven +2" in folded and "Decision" in folded
        await press(pilot, "f4")
        assert "Decision" in in_panel(pilot) and "Type 2.14.0" in in_panel(pilot)
        await press(pilot, "pagedown", "pagedown")
        assert "6 of 6 planted differences found" in in_panel(pilot)
        await press(pilot, "f4")
        assert in_panel(pilot) == folded


async def test_a_receipt_can_be_copied(cleared: Path) -> None:
    async with driven(cleared, (120, 40)) as pilot:
        await press(pilot, "s", *"2.14.0", "enter", "ctrl+c")
        text = pilot.app.clipboard
    assert "signed: Sign-off of Web shop 2.14.0 rc2: approved" in text
    for word in (
        "Commit",
        "Statement",
        "Record",
        "entries, root",
        "The gate is",
        "staging owner (kim or mika)",
    ):
        assert word in text


@in_sizes({"": ("s",)}, small={"send-back": ("s", "up", "up", "s")})
def test_picture(
    cleared: Path, snap_compare: Callable[..., bool], keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    with opened(cleared) as app:
        assert snap_compare(app, run_before=body(*keys), terminal_size=size)
