"""How shared records stand among all projects: by what this desk noted, without asking the server."""

from __future__ import annotations

from datetime import timedelta

from tests import building as build
from tests.sharing.team import Team

from workbench.mailbox.server import Reached
from workbench.usecases.fleet.judging import judge
from workbench.usecases.fleet.shapes import Ask, Project
from workbench.usecases.fleet.together import assemble
from workbench.usecases.sharing import reached
from workbench.usecases.sharing.shared import require_shared
from workbench.usecases.views.fleet.printing import lines


def seen(team: Team, person: str, **later: float) -> Project:
    return judge(Ask(root=str(team.folder / person), now=build.NOW + timedelta(**later), as_person=person))


def test_a_desk_says_when_it_last_received_and_what_it_has_not_sent(team: Team) -> None:
    kim = team.first_desk()
    own = kim.record.info.desk
    shared = require_shared(kim)
    sent = kim.record.head.seq
    reached.note(kim, shared, {own: Reached(own, sent, b"", shared.role)})
    build.add_difference(kim, "not sent yet")
    found = seen(team, "kim", hours=2)
    assert found.lacking == () and found.shared is not None
    assert found.shared.server == f"127.0.0.1:{team.server.port}/{team.database}"
    assert found.shared.received_at == build.NOW and found.shared.waits >= 1 and found.shared.faults == 0
    told = "\n".join(lines(assemble([found])))
    assert f"last received 2 h ago from 127.0.0.1:{team.server.port}/{team.database}; 1 entry to send" in told
    assert "which is old" in "\n".join(lines(assemble([seen(team, "kim", days=3)])))
    assert "only-for-tests" not in told


def test_two_desks_of_one_record_on_one_machine_are_one_project(team: Team) -> None:
    kim = team.first_desk()
    sam = team.join("sam")
    build.add_difference(sam, "found by sam")
    fleet = assemble([seen(team, "kim"), seen(team, "sam")])
    assert [one.root for one in fleet.projects] == [str(sam.root)]
    assert [one.root for one in fleet.copies] == [str(kim.root)]
