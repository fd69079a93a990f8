"""``parity discover``: with a project and without one, what it prints, and what it puts on the map."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Type
from tests.probes.kinds.looking import put

FILES = {
    ".env.staging": "POOL=5\nDB_PASSWORD=hunter2-staging\nSAME=1\n",
    ".env.production": "POOL=50\nDB_PASSWORD=hunter2-production\nSAME=1\n",
}


def test_a_folder_without_a_project_is_enough(empty: Path, type_in: Type) -> None:
    put(empty, FILES)
    said = type_in("parity", "discover", "--json").json
    assert said["equal"] == 1
    assert [(one["title"], one["staging"], one["production"], one["where"]) for one in said["proposals"]] == [
        (".env: DB_PASSWORD", "secret, differs", "secret, differs", [".env.staging:2", ".env.production:2"]),
        (".env: POOL", "5", "50", [".env.staging:1", ".env.production:1"]),
    ]
    out = type_in("parity", "discover").out
    assert "2 differences, 1 parameter equal in 1 pair" in out
    assert "hunter2" not in out
    assert "kind: configuration" in type_in("parity", "discover", "--probes").out


def test_another_folder_can_be_named(empty: Path, type_in: Type) -> None:
    put(empty / "shop", FILES)
    assert type_in("parity", "discover", "shop", "--json").json["equal"] == 1
    assert "there is no folder" in type_in("parity", "discover", "nowhere", code=2).err


def test_nothing_twice_says_what_was_looked_for(empty: Path, type_in: Type) -> None:
    said = type_in("parity", "discover")
    assert "nothing here is there twice" in said.out and "values-*.yaml" in said.err


def test_nothing_enters_the_map_until_it_is_chosen(shop: Path, type_in: Type) -> None:
    put(shop, FILES)
    before = type_in("parity", "list", "--json").json["total"]
    found = type_in("parity", "discover", "--json").json["proposals"]
    assert type_in("parity", "list", "--json").json["total"] == before
    pool = next(one["id"] for one in found if one["path"].endswith("POOL"))
    said = type_in("parity", "discover", "--add", pool, "--json").json
    assert len(said["added"]) == 1
    assert type_in("parity", "list", "--json").json["total"] == before + 1
    shown = type_in("parity", "show", said["added"][0], "--json").json
    assert (shown["title"], shown["staging"], shown["production"]) == (".env: POOL", "5", "50")


def test_adding_everything_twice_changes_nothing(shop: Path, type_in: Type) -> None:
    put(shop / "mine", FILES)
    assert len(type_in("parity", "discover", "mine", "--add", "all", "--json").json["added"]) == 2
    again = type_in("parity", "discover", "mine", "--add", "all", "--json").json
    assert (again["added"], again["changed"], again["change"]) == ([], [], None)
    assert {one["map"] for one in type_in("parity", "discover", "mine", "--json").json["proposals"]} == {
        "on the map"
    }
    put(shop / "mine", {".env.production": FILES[".env.production"].replace("50", "60")})
    changed = type_in("parity", "discover", "mine", "--add", "all", "--json").json
    assert (changed["added"], len(changed["changed"])) == ([], 1)
    everything = (
        type_in("parity", "list", "--json").out
        + type_in("export", "differences", "-", "--json", code=None).out
    )
    assert "hunter2" not in everything


def test_an_id_that_says_something_else_by_now_is_refused(shop: Path, type_in: Type) -> None:
    put(shop, FILES)
    assert (
        "nothing that was discovered is called"
        in type_in("parity", "discover", "--add", "zzzzzz", code=2).err
    )
