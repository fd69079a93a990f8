"""Two trees of configuration: only real differences, and no secret anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.probes.kinds.looking import HIDE, look, put, told

from workbench.definitions.shapes import Category, Severity
from workbench.probes.captured import Change, Parameter, Snapshot
from workbench.probes.hiding import is_fingerprint
from workbench.probes.parameters import parameter, refined
from workbench.probes.prober import by_path
from workbench.sources.configuration.naming import common_names
from workbench.sources.configuration.reading import read

STAGING = {
    "deploy/staging/shop.env": (
        "# how staging runs\nDB_POOL=5\nDB_PASSWORD=staging-hunter2\nAPI_KEY=same-for-both\nDEBUG=true\n"
        'DATABASE_URL=postgres://app:pw-of-staging@db.staging/shop\nHOSTS=\'["b","a"]\'\nAPP_ENV=staging\n'
    ),
    "deploy/staging/app.yaml": (
        "# other words\npool: '10'\ncontainers:\n- name: web\n  image: web:1.10\n- name: log\n  image: log:2\n"
        "rules:\n- {host: a, to: 1}\n- {host: b, to: 2}\nzones: [b, a]\ntokens: [tok-one, tok-two]\nlevel: debug\n"
    ),
}
PRODUCTION = {
    "deploy/production/shop.env": (
        "DB_POOL=50\nDB_PASSWORD=production-hunter2\nAPI_KEY=same-for-both\nDEBUG='True'\n"
        'DATABASE_URL=postgres://app:pw-of-production@db.production/shop\nHOSTS=\'["b","a"]\'\nAPP_ENV=production\n'
    ),
    "deploy/production/app.yaml": (
        "pool: 10\ncontainers:\n- name: log\n  image: log:2\n- name: web\n  image: web:1.1\n"
        "rules:\n- {host: b, to: '2'}\n- {host: a, to: 3}\nzones:\n- a\n- b\ntokens: [tok-two, tok-three]\nlevel: info\n"
    ),
}
SECRETS = (
    b"hunter2",
    b"same-for-both",
    b"pw-of-staging",
    b"pw-of-production",
    b"tok-one",
    b"tok-two",
    b"tok-three",
)
TREES = {"staging": "deploy/staging/*", "production": "deploy/production/*"}


def test_only_real_differences_are_found(tmp_path: Path) -> None:
    ran = look(put(tmp_path, STAGING | PRODUCTION), "configuration", **TREES)
    assert told(ran.changes) == {
        "app.yaml/containers/web/image": ("web:1.10", "web:1.1"),
        "app.yaml/level": ("debug", "info"),
        "app.yaml/rules/a/to": ("1", "3"),
        "app.yaml/tokens": ("secret", "secret"),
        "shop.env/APP_ENV": ("staging", "production"),
        "shop.env/DATABASE_URL": ("postgres://db.staging/shop", "postgres://db.production/shop"),
        "shop.env/DATABASE_URL/credentials": ("secret", "secret"),
        "shop.env/DB_PASSWORD": ("secret", "secret"),
        "shop.env/DB_POOL": ("5", "50"),
    }


def test_no_secret_leaves_for_record_or_recording(tmp_path: Path) -> None:
    place = put(tmp_path / "project", STAGING | PRODUCTION)
    kept = tmp_path / "kept"
    ran = look(place, "configuration", **TREES, about_run={"record_to": kept})
    written = b"".join(path.read_bytes() for path in kept.rglob("*.json"))
    told_of = repr((ran.run, ran.changes)).encode() + b"".join(blob.data for blob in ran.blobs) + written
    assert [secret for secret in SECRETS if secret in told_of] == []
    assert b"DB_POOL=50" in written.replace(b"\\n", b"\n")


def test_a_recording_says_the_same_as_the_files(tmp_path: Path) -> None:
    place, kept = put(tmp_path / "project", STAGING | PRODUCTION), tmp_path / "kept"
    ran = look(place, "configuration", **TREES, about_run={"record_to": kept})
    again = look(place, "configuration", **TREES, replay=kept)
    assert again.changes == ran.changes
    assert again.run.staging == ran.run.staging and again.run.production == ran.run.production


@pytest.mark.parametrize(
    "data",
    [
        "DB_PASSWORD=staging-hunter2\n".encode("utf-16"),
        b'DB_PASSWORD="staging\\-hunter2\\tabc"\n',
        b"DB_PASSWORD=abc\n",
    ],
)
def test_a_secret_that_cannot_be_taken_out_keeps_a_recording_from_being_made(
    tmp_path: Path, data: bytes
) -> None:
    place = put(tmp_path / "project", {"staging.env": data, "production.env": "DB_PASSWORD=x-hunter2\n"})
    kept = tmp_path / "kept"
    ran = look(
        place,
        "configuration",
        staging="staging.env",
        production="production.env",
        about_run={"record_to": kept},
    )
    assert (ran.run.state, list(kept.rglob("*.json"))) == ("error", [])
    assert "cannot be kept out of a recording" in ran.run.why and "hunter2" not in ran.run.why


def test_equal_trees_pass(tmp_path: Path) -> None:
    both = {name.replace("staging", "production"): text for name, text in STAGING.items()}
    ran = look(put(tmp_path, STAGING | both), "configuration", **TREES)
    assert (ran.run.state, ran.run.differing) == ("pass", 0)
    assert ran.run.compared == 15


def test_every_planted_difference_is_found(tmp_path: Path) -> None:
    ran = look(put(tmp_path, STAGING | PRODUCTION), "configuration", **TREES, about_run={"proving": True})
    assert ran.proof is not None
    assert [planted for planted in ran.proof.planted if not planted.found] == []
    assert len(ran.proof.planted) >= 10
    kinds = {planted.key for planted in ran.proof.planted}
    assert {"changed-value", "changed-secret", "flipped-switch", "lost-setting", "lost-file"} <= kinds


def test_what_a_difference_is_about_follows_from_its_path(tmp_path: Path) -> None:
    ran = look(put(tmp_path, STAGING | PRODUCTION), "configuration", **TREES)
    about = {change.path: (change.category, change.severity) for change in ran.changes}
    assert about["app.yaml/containers/web/image"] == (Category.SERVICES, None)
    assert about["shop.env/DB_PASSWORD"] == (Category.SECURITY, None)
    assert about["shop.env/DB_POOL"] == (None, None)
    assert about["shop.env/APP_ENV"] == (None, Severity.LOW)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"deploy/staging/a.yaml": "a: &x\n  b: *x\n"}, "contain itself"),
        ({"deploy/staging/a.json": "{"}, "no JSON"),
        ({"deploy/staging/a.toml": "a = 1\na = 2\n"}, "no TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_with_its_place(
    tmp_path: Path, files: dict[str, str], why: str
) -> None:
    place = put(tmp_path, files | {"deploy/production/a.yaml": "a: 1\n"})
    ran = look(place, "configuration", **TREES)
    assert ran.run.state == "error"
    assert why in ran.run.why and f"({next(iter(files))}" in ran.run.why


def test_a_side_without_files_is_an_error(tmp_path: Path) -> None:
    ran = look(put(tmp_path, STAGING), "configuration", **TREES)
    assert ran.run.state == "error" and "no file matches deploy/production/*" in ran.run.why


def test_two_single_files_are_compared_whatever_they_are_called(tmp_path: Path) -> None:
    place = put(tmp_path, {"a.env": "X=1\n", "b.env": "X=2\n"})
    ran = look(place, "configuration", staging="a.env", production="b.env")
    assert told(ran.changes) == {"a.env/X": ("1", "2")}


def test_a_command_gives_configuration(tmp_path: Path) -> None:
    place = put(tmp_path, {"staging.sh": "echo POOL=5", "production.sh": "echo POOL=50"})
    ran = look(
        place,
        "configuration",
        staging={"command": "sh staging.sh"},
        production={"command": "sh production.sh"},
    )
    assert told(ran.changes) == {"POOL": ("5", "50")}


@pytest.mark.parametrize(
    ("files", "patterns", "names"),
    [
        (["deploy/staging/shop.env"], ["deploy/staging/*.env"], ["shop.env"]),
        ([".env.staging"], [".env.staging"], [".env"]),
        (["values-prod.yaml"], ["values-prod.yaml"], ["values.yaml"]),
        (["config/staging.yaml"], ["config/staging.yaml"], ["*.yaml"]),
        (
            ["k8s/staging/a/x.yaml", "k8s/staging/b/x.yaml"],
            ["k8s/staging/**/*.yaml"],
            ["a/x.yaml", "b/x.yaml"],
        ),
        (["appsettings.Staging.json"], ["*.json"], ["appsettings.json"]),
        (["a.stg.env", "a.env"], ["*.env"], ["a.stg.env", "a.env"]),
    ],
)
def test_a_file_is_called_the_same_in_both_environments(
    files: list[str], patterns: list[str], names: list[str]
) -> None:
    assert list(common_names(files, patterns).values()) == names


# --- lists ------------------------------------------------------------------------------------


def changes(staging: str, production: str) -> dict[str, tuple[str | None, str | None]]:
    snapshots = [
        Snapshot(
            {path: parameter(value, HIDE) for path, value in read("a.yaml", text.encode()).values.items()}
        )
        for text in (staging, production)
    ]
    return told(refined(by_path(*snapshots)))


def test_of_a_list_only_the_member_that_differs_is_told() -> None:
    assert changes("r: [{a: 1, b: 2}, {a: 2, b: 3}]", "r: [{a: 2, b: 4}, {a: 1, b: 2}]") == {
        "r/2/b": ("3", "4")
    }


def test_a_member_that_only_one_has_is_told_as_a_whole() -> None:
    assert changes("r: [{host: x, a: 2}]", "r: [{host: y, a: 3}, {host: x, a: 2}]") == {
        "r/y": (None, "a: 3, host: y")
    }


def test_the_only_member_on_each_side_is_compared_by_its_values() -> None:
    assert changes("r: [{host: x.staging, paths: [/]}]", "r: [{host: x.shop, paths: [/]}]") == {
        "r/1/host": ("x.staging", "x.shop")
    }


def test_a_secret_within_a_list_is_told_apart_from_the_rest() -> None:
    assert changes("r: [{h: x, password: a}]", "r: [{h: y, password: b}]") == {
        "r/1/h": ("x", "y"),
        "r/1/password": ("secret", "secret"),
    }


def test_a_list_that_is_not_there_is_one_difference() -> None:
    assert changes("r: [{h: x}]\na: 1", "a: 1") == {"r": ('[{"h": "x"}]', None)}


def test_two_secrets_under_one_name_are_both_hidden() -> None:
    (value,) = read(".env", b"PASSWORD=one-secret\nPASSWORD=two-secret\n").values.values()
    found = parameter(value, HIDE)
    assert found.secret and all(is_fingerprint(part) for part in found.text.split(", then "))


def test_a_long_value_is_told_by_its_beginning_and_a_digest() -> None:
    (value,) = read("a.yaml", f"a: {'word ' * 400}".encode()).values.values()
    found = parameter(value, HIDE)
    assert found.text.startswith("word word ") and "(1,999 characters, SHA-256 " in found.text
    assert found == Parameter(found.text)


def test_a_change_that_is_no_list_stays_as_it_is() -> None:
    one = Change(path="a", staging="[{", production="[{x")
    assert refined([one]) == (one,)
