"""Attacks on whoever signs on screen, and on a poll: what is shown, what has moved, and who sits at the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.building import add_difference, clear, gate, who
from tests.tui.driving import driven, in_panel, press, shown, web_shop
from tests.tui.stories import clear_everything

from workbench.model.errors import NotAllowed, UsageError
from workbench.model.text import safe_text
from workbench.signoff.model import Decision
from workbench.signoff.polls import PollResult, Vote
from workbench.tui.widgets.fold_sheet import sheet_lines
from workbench.usecases import polling, signing, signing_elsewhere
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.polling import Ballot
from workbench.usecases.signing import Answer
from workbench.usecases.views.polls import read_poll, told
from workbench.usecases.views.signing_session import read_session

STEERING = "\x1b[2J\x1b]0;owned\x07[bold red]approved[/]\u202e"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


@pytest.fixture
def cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = web_shop(tmp_path, monkeypatch)
    clear_everything(root)
    return root


def approve(context: Context, gate_: str) -> None:
    signing.sign(
        context, signing.prepare(context, evaluate(context), gate_), Answer(decision=Decision.APPROVE)
    )


def test_codes_and_markup_in_what_a_signer_reads(shop: Context) -> None:
    """A title, a comment and words in a poll hold codes that clear the screen, and markup that says “approved”.

    What people wrote is data: codes never reach the screen, markup is shown as it is typed.
    """
    add_difference(shop, STEERING, severity="high", flows=("checkout",))
    sam = who(shop, "sam")
    no = Answer(decision=Decision.REJECT, comment=STEERING)
    signing.sign(sam, signing.prepare(sam, evaluate(sam), "go"), no)
    ident = polling.begin(shop, "go")
    polling.enter(shop, ident, Ballot(person="sam", vote=Vote.NO_GO, words=STEERING))
    found = evaluate(shop)
    session = read_session(shop, found, found.gate("go"), "kim")
    keys = {fold.key for fold in session.folds}
    lines = ["".join(piece.text for piece in line) for line in sheet_lines(session.folds, keys, None, 200)]
    text = "\n".join([*lines, *(safe_text(line) for line in told(read_poll(shop, ref=ident)))])
    assert "[bold red]approved[/]" in text
    assert not any(code in text for code in ("\x1b", "\x07", "\u202e"))


async def test_markup_in_names_on_the_screen(cleared: Path) -> None:
    """A person is listed under a name that is markup, with a link, so that the sheet looks as if they had signed.

    Names are shown letter by letter wherever they stand.
    """
    file = cleared / "workbench.yaml"
    text = file.read_text("utf-8").replace("name: Kim", "name: '[link=https://x.example]✓ signed[/link]'")
    file.write_text(text, "utf-8")
    async with driven(cleared, (120, 40)) as pilot:
        await press(pilot, "s")
        assert "staging owner (kim or mika)" in in_panel(pilot)
        await press(pilot, "escape")
        await pilot.app.screen.action_do("poll")  # type: ignore[attr-defined]
        await press(pilot, "S")
        assert "[link=https" in shown(pilot)


def test_a_sheet_that_is_stale_when_it_is_signed(shop: Context) -> None:
    """Somebody keeps a sheet open until what it shows has changed, and signs it then.

    What is signed is compared with what stands at that moment; where it differs nothing is signed.
    """
    clear(shop)
    robin = who(shop, "robin")
    asked = signing.prepare(robin, evaluate(robin), "benchmarks")
    build.measured(shop, "p95", "9", unit="s")
    with pytest.raises(NotAllowed):
        signing.sign(robin, asked, Answer(decision=Decision.APPROVE))
    assert not gate(shop, "benchmarks").signoffs


def test_another_sentence_is_put_under_a_signature(shop: Context) -> None:
    """The project's file is edited between showing and signing: another sentence, or another policy, would be signed.

    The files are read once more before anybody signs; if they are others, nothing is signed.
    """
    clear(shop)
    robin = who(shop, "robin")
    asked = signing.prepare(robin, evaluate(robin), "benchmarks")
    file = shop.root / "workbench.yaml"
    file.write_text(file.read_text("utf-8") + "\n# a remark changes nothing\n", "utf-8")
    other = file.read_text("utf-8").replace("title: Checkout errors", "title: Nothing to see")
    file.write_text(other, "utf-8")
    with pytest.raises(NotAllowed, match="the project's files have changed since you were shown this"):
        signing.sign(robin, asked, Answer(decision=Decision.APPROVE))
    assert not gate(shop, "benchmarks").signoffs


def test_the_wrong_person_at_the_terminal(shop: Context) -> None:
    """A sheet is opened by one person and signed by another who sits down meanwhile.

    A sheet is shown to one person, and nobody else can sign it.
    """
    clear(shop)
    asked = signing.prepare(who(shop, "robin"), evaluate(shop), "benchmarks")
    with pytest.raises(NotAllowed, match="this was shown to robin, not to kim"):
        signing.sign(shop, asked, Answer(decision=Decision.APPROVE))
    assert not gate(shop, "benchmarks").signoffs


def test_a_vote_is_entered_for_somebody_absent(shop: Context) -> None:
    """In a poll somebody enters a go for a person who is not in the room, or is away on that day.

    Nobody votes for who is absent; each vote says who entered it, and marking them present is an entry, too.
    """
    ident = polling.begin(shop, "go")
    polling.enter(shop, ident, Ballot(person="sam", vote=Vote.ABSENT))
    with pytest.raises(NotAllowed, match="Sam is marked absent"):
        polling.enter(shop, ident, Ballot(person="sam", vote=Vote.GO))
    polling.enter(shop, ident, Ballot(person="sam", vote=Vote.PRESENT))
    polling.enter(shop, ident, Ballot(person="sam", vote=Vote.GO))
    said = [entry.value for entry in shop.record.history("poll_vote", f"{ident}/sam", limit=9) if entry.value]
    assert [one["vote"] for one in said] == ["go", "present", "absent"]
    assert {one["entered_by"] for one in said} == {"kim"}


def test_a_go_in_a_poll_is_taken_for_a_signature(shop: Context) -> None:
    """Everybody says go in a poll, one person enters it all, and the release is shipped on that.

    A vote is no signature: no gate is judged from a poll, and the minutes say so.
    """
    clear(shop)
    ident = polling.begin(shop, "go")
    for person in ("kim", "sam"):
        polling.enter(shop, ident, Ballot(person=person, vote=Vote.GO))
    polling.end(shop, ident)
    assert read_poll(shop, ref=ident).result is PollResult.GO
    assert not gate(shop, "go").through and not evaluate(shop).through


def test_a_reply_that_says_no_is_entered_as_yes(shop: Context) -> None:
    """A mail says no, and somebody enters it as an approval.

    A message whose words say something else than the answer is refused, until who enters it says that they are sure.
    """
    clear(shop)
    approve(who(shop, "robin"), "benchmarks")
    request = signing_elsewhere.ask(shop, evaluate(shop), "go", "sam")
    code = request.asking.code
    for words in (f"No. {code}", f"I do not approve this, {code}", f"sending it back, {code}"):
        with pytest.raises(UsageError, match="and it is entered as"):
            signing_elsewhere.receive(
                shop, evaluate(shop), words.encode(), code, Answer(decision=Decision.APPROVE)
            )
    assert not gate(shop, "go").signoffs
    fine = f"No objections, I approve. {code}"
    signing_elsewhere.receive(shop, evaluate(shop), fine.encode(), code, Answer(decision=Decision.APPROVE))
    assert [view.signoff.entered_by for view in gate(shop, "go").signoffs] == ["kim"]


def test_two_people_sign_at_the_same_instant(cleared: Path) -> None:
    """Two people sign one gate in two processes at the same instant, so that one signature is lost.

    Both are recorded, one after the other, or one is told that the record has moved; none is lost.
    """
    program = [sys.executable, "-m", "workbench"]
    both = [
        subprocess.Popen(
            [*program, "sign", "sign-off", "--as", person, "--approve", "--confirm", "2.14.0", "--json"],
            cwd=cleared,
            env={**os.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for person in ("robin", "kim", "sam")
    ]
    codes = {
        name: (one.communicate(), one.returncode)
        for name, one in zip(("robin", "kim", "sam"), both, strict=True)
    }
    with build.opened(cleared, "jo", None) as context:
        signed = {view.signoff.person for view in evaluate(context).gate("sign-off").signoffs}
        assert signed == {name for name, (_, code) in codes.items() if code == 0} and signed
        assert context.record.verify().ok
    assert all(code == 0 or b"moved" in out[1] for out, code in codes.values())


def test_a_vote_in_the_name_of_somebody_who_has_none(shop: Context) -> None:
    """Whoever enters votes all day enters one in the name of somebody who is not of the project.

    Only people of the project have a vote, and only with a role that the gate asks for; others can voice a concern.
    """
    ident = polling.begin(shop, "go")
    with pytest.raises(UsageError, match="there is no person “mallory”"):
        polling.enter(shop, ident, Ballot(person="mallory", vote=Vote.GO))
    with pytest.raises(NotAllowed, match="Jo has none of the roles that are asked"):
        polling.enter(shop, ident, Ballot(person="jo", vote=Vote.GO))
    assert shop.record.count("poll_vote") == 0
