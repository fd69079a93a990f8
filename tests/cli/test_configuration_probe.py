"""Two trees of configuration from the command line: only real differences, and no secret in record, export or data folder."""

from __future__ import annotations

import os
from pathlib import Path

from tests.building import HEAD, PEOPLE
from tests.cli.conftest import Type
from tests.probes.kinds.looking import put
from tests.probes.kinds.test_configuration import PRODUCTION, SECRETS, STAGING

PROBES = """\
probes:
  - {key: settings, kind: configuration, staging: deploy/staging, production: deploy/production}
  - {key: apart, kind: isolation, staging: deploy/staging, production: deploy/production, endpoints: [db.production]}
"""


def test_only_real_differences_and_no_secret_anywhere(empty: Path, type_in: Type) -> None:
    put(empty, STAGING | PRODUCTION | {"workbench.yaml": HEAD + PEOPLE + PROBES})
    type_in("release", "new", "1.0.0", "--as", "kim")
    said = type_in("probe", "settings", "--prove", "--as", "kim", "--json", code=1).json
    (run,) = said["runs"]
    assert (run["state"], run["proven"]) == ("fail", True)
    assert {change["path"]: change["proposal"] for change in run["changes"]} == dict.fromkeys(
        (
            "app.yaml/containers/web/image",
            "app.yaml/level",
            "app.yaml/rules/a/to",
            "app.yaml/tokens",
            "shop.env/APP_ENV",
            "shop.env/DATABASE_URL",
            "shop.env/DATABASE_URL/credentials",
            "shop.env/DB_PASSWORD",
            "shop.env/DB_POOL",
        ),
        "add",
    )
    (apart,) = type_in("probe", "apart", "--as", "kim", "--json", code=1).json["runs"]
    assert "shop.env/API_KEY" in {change["path"] for change in apart["changes"]}
    type_in("parity", "take", "--all", "--as", "kim")
    type_in("parity", "discover", "--add", "all", "--as", "kim")
    type_in("export", "differences", "--output", "differences.yaml")
    type_in("export", "differences", "--output", "differences.csv")
    kept = [path for path in empty.rglob("*") if path.is_file() and "deploy" not in path.parts]
    kept += [path for path in Path(os.environ["WORKBENCH_DATA"]).rglob("*") if path.is_file()]
    assert any(path.name == "record.db" for path in kept)
    for path in kept:
        data = path.read_bytes()
        assert [secret for secret in SECRETS if secret in data] == [], path


def test_a_side_that_has_nothing_is_null(empty: Path, type_in: Type) -> None:
    put(
        empty,
        {
            "deploy/staging/a.env": "A=1\n",
            "deploy/production/a.env": "A=1\nB=2\n",
            "workbench.yaml": HEAD + PEOPLE + PROBES,
        },
    )
    type_in("release", "new", "1.0.0", "--as", "kim")
    (run,) = type_in("probe", "settings", "--as", "kim", "--json", code=1).json["runs"]
    (change,) = run["changes"]
    assert (change["path"], change["staging"], change["production"]) == ("a.env/B", None, "2")
