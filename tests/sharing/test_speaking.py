"""A desk says nothing for somebody for whom its role does not sign; what was recorded all the same stops it for good no more."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta

import msgspec
import pytest
from tests import building as build
from tests.cli.conftest import Type, type_in  # noqa: F401  (a fixture)
from tests.sharing.team import Team
from tests.sharing.test_bad_days import all_is_well, digests, titles, two

from workbench.model.errors import NotAllowed
from workbench.record import Change
from workbench.signoff.delegations import Delegation
from workbench.usecases import undoing
from workbench.usecases.context import Context, acting, commit, commit_many
from workbench.usecases.sharing import members
from workbench.usecases.sharing.shared import change_of, require_shared
from workbench.usecases.sharing.sharing import share
from workbench.usecases.sharing.synced import Obstacle
from workbench.usecases.sharing.syncing import sync
from workbench.usecases.views.sharing import sync as views


def spoken(context: Context, actor: str, number: int = 1) -> Change:
    value = Delegation(
        person=actor, role="release-owner", to="jo", begins=context.now, until=context.now + timedelta(days=1),
        reason="on leave", at=context.now,
    )  # fmt: skip
    return Change("delegation", f"c{number}", "delegated", value, None)


def sat_by(context: Context, actor: str) -> Context:
    """The same desk with somebody else at it."""
    author = msgspec.structs.replace(context.author(), actor=actor, identity="name of the system user")
    return msgspec.structs.replace(context, author=lambda: author)


def record_all_the_same(context: Context, actor: str) -> None:
    """As a workbench did that did not look, or a desk that was never in step."""
    with acting(context) as said:
        author = msgspec.structs.replace(said["author"], actor=actor)
        context.record.commit([spoken(context, actor)], author=author, clock=said["clock"])


def forget_rights(context: Context) -> None:
    mailbox = require_shared(context).mailbox
    context.record.keep_note(*change_of(mailbox, lambda one: msgspec.structs.replace(one, persons=None)))


def test_what_speaks_for_somebody_else_is_refused_before_it_is_recorded(team: Team) -> None:
    _, sam = two(team)
    held = digests(sam)
    with pytest.raises(NotAllowed, match=r"this speaks for kim, and the role .* signs for sam alone") as told:
        commit(sat_by(sam, "kim"), [spoken(sam, "kim")])
    hint = told.value.hint or ""
    assert hint.startswith("say who you are: --as sam; ")
    assert f"workbench member add {team.role('sam')} --right signer --person kim" in hint
    with pytest.raises(NotAllowed, match="this speaks for root") as told:
        commit_many(sat_by(sam, "root"), [spoken(sam, "root")], 1)
    assert told.value.hint == "say who you are: --as sam"  # no keeper can let anybody sign for root
    assert digests(sam) == held
    commit(sam, [spoken(sam, "sam")])
    build.add_difference(sat_by(sam, "root"), "what does not speak is anybody's")
    assert sync(sam).unsent is None


def test_an_undo_speaks_too(team: Team) -> None:
    _, sam = two(team)
    forget_rights(sam)
    commit(sat_by(sam, "kim"), [spoken(sam, "kim")])
    sync(sam)
    held = digests(sam)
    with pytest.raises(NotAllowed, match="this speaks for kim"):
        undoing.undo(sat_by(sam, "kim"))
    assert digests(sam) == held


def test_a_role_that_a_keeper_lets_sign_may_after_the_next_sync_and_off_line(team: Team) -> None:
    _, sam = two(team)
    team.execute(
        f"INSERT INTO workbench.member (record, role, person, may) SELECT record, '{team.role('sam')}', 'kim', 'signer' FROM workbench.record"
    )
    with pytest.raises(NotAllowed):
        commit(sat_by(sam, "kim"), [spoken(sam, "kim")])
    sync(sam)
    assert require_shared(sam).persons == ("kim", "sam")
    commit(sat_by(sam, "kim"), [spoken(sam, "kim")])
    assert sync(sam).sent == 1


def test_who_shared_as_nobody_of_the_project_is_told_what_can_be_typed(team: Team) -> None:
    """Nobody is --as somebody whom the project does not list."""
    with build.shop(team.folder / "kim") as kim:
        share(sat_by(kim, "root"), team.url("kim"))
        with pytest.raises(NotAllowed, match="signs for root alone") as told:
            commit(kim, [spoken(kim, "kim")])
        role = team.role("kim")
        assert told.value.hint == (
            f"a keeper of the record runs workbench member add {role} --right signer --person kim, and then workbench sync here"
        )
        members.add(kim, role, "signer", "kim")
        sync(kim)
        commit(kim, [spoken(kim, "kim")])
        assert sync(kim).unsent is None


def test_who_writes_and_signs_for_nobody_is_told_so(team: Team) -> None:
    team.first_desk()
    team.add_role("sam", group="writer")
    team.execute(
        f"INSERT INTO workbench.member (record, role, may) SELECT record, '{team.role('sam')}', 'writer' FROM workbench.record"
    )
    sam = team.take_up("sam")
    with pytest.raises(NotAllowed, match="signs for nobody") as told:
        commit(sam, [spoken(sam, "sam")])
    assert f"workbench member add {team.role('sam')} --right signer --person sam" in (told.value.hint or "")


@pytest.mark.parametrize("actor", ["root", "kim"])
def test_a_desk_that_cannot_send_on_gets_out_by_what_the_sync_says(
    team: Team,
    type_in: Type,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    actor: str,
) -> None:
    """Each command as it is printed: a keeper carries what was signed, and the desk goes on."""
    kim, sam = two(team)
    build.add_difference(sam, "before")
    record_all_the_same(sam, actor)
    build.add_difference(sam, "after")
    monkeypatch.chdir(team.folder)
    said = type_in("sync", "--project", sam.root, "--as", "sam", code=1)
    (hint,) = re.findall(r"^next: (.*)$", said.err + said.out, re.MULTILINE)
    admit = f"workbench member add {team.role('sam')} --right signer --person kim"
    assert (admit in hint) == (actor == "kim")
    found = re.findall(r"workbench (exchange --to \S+|import [^\s,]+|repair --server)", hint)
    desks = (("sam", sam), ("kim", kim), ("kim", kim))
    for command, (person, desk) in zip(found, desks, strict=True):
        type_in("--as", person, *shlex.split(command), "--project", desk.root)
    done = sync(sam)
    assert done.unsent is None and not done.new_desk
    sync(kim)
    assert {"before", "after"} <= titles(kim)
    build.add_difference(sam, "goes on")
    assert sync(sam).sent == 1
    sync(kim)
    all_is_well(kim, sam)


def test_a_keepers_desk_goes_on_as_a_new_one_by_what_the_sync_says(team: Team) -> None:
    kim, sam = two(team)
    record_all_the_same(kim, "root")
    build.add_difference(kim, "after")
    done = sync(kim)
    assert done.unsent is not None and done.unsent.why is Obstacle.NOT_THIS_PERSON
    url = require_shared(kim).url
    assert views.way_out(done.unsent).startswith(f"workbench share {url}: ")
    share(kim, url)
    assert sync(kim).unsent is None
    sync(sam)
    assert "after" in titles(sam)
    all_is_well(kim, sam)
