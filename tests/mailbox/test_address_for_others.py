"""An address as it is shown to others."""

from __future__ import annotations

import pytest

from workbench.mailbox.closing import for_others

URL = "postgresql://ada@db.example/team"


@pytest.mark.parametrize(
    ("url", "others"),
    [
        (URL, "postgresql://ROLE@db.example/team"),
        ("postgres://ada@db/team?sslmode=require", "postgres://ROLE@db/team?sslmode=require"),
        ("postgresql://db.example/team", "postgresql://ROLE@db.example/team"),
        ("postgresql:///team?host=/run/postgresql", "postgresql://ROLE@/team?host=/run/postgresql"),
        ("host=db user=ada dbname=team", "host=db user=ROLE dbname=team"),
        ("host=db user='ada b' dbname=team", "host=db user=ROLE dbname=team"),
    ],
)
def test_an_address_is_shown_to_others_with_a_role_of_their_own(url: str, others: str) -> None:
    assert for_others(url) == others
