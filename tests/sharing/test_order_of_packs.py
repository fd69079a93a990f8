"""In which order packs of several desks are sent: whoever reads them can follow each at once."""

from __future__ import annotations

from tests import building as build
from tests.sharing.team import Team
from tests.usecases.two_desks import send, two_desks

from workbench.record.incoming import read_line
from workbench.usecases.context import Context
from workbench.usecases.sharing.receiving import open_pack
from workbench.usecases.sharing.sharing import share


def test_what_two_desks_wrote_in_turn_is_sent_in_the_order_of_its_dates(team: Team) -> None:
    with two_desks(team.folder) as (kim, sam):
        for number in range(3):
            for one, other in ((kim, sam), (sam, kim)):
                build.add_difference(one, f"{one.author().actor} {number}", staging="1", production="2")
                send(one, other)
        assert share(kim, team.url("kim")).synced.is_whole
        dates = first_dates(team, kim)
    assert len(dates) >= 2
    assert dates == sorted(dates)


def first_dates(team: Team, desk: Context) -> list[str]:
    """When the first entry of each pack was written, pack by pack."""
    record = desk.record.info.record_id
    packs = team.connect("kim").packs(record, 0)
    return [read_line(open_pack(record, pack).entries[0]).body.recorded_at for pack in packs]
