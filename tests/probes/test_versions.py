"""Versions of both environments: files, answers of servers, sources; judged by their leading numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.probes.asking import probe, ran, source
from tests.sources.support import body, buildinfo_or

from workbench.definitions.shapes import Severity, Source
from workbench.probes.given import doubts_of_both as doubts
from workbench.probes.kinds import KINDS
from workbench.probes.kinds.versions import VersionsProbe
from workbench.probes.kinds.versions.seen import one_more
from workbench.sources.prometheus import PrometheusConfig

STAGING = "postgres 15.4 (Debian 15.4-1)\nk8s v1.27.9-gke.1\nopenssl 1:2.0-3ubuntu1\nweb latest\nextra 1.0\n"
PRODUCTION = "postgres 16.1\nk8s v1.29.4-gke.1\nopenssl 1:2.0-3ubuntu2\nweb latest\ncache 7.0\n"


def compared(tmp_path, staging=STAGING, production=PRODUCTION, common=None, **fields):
    (tmp_path / "staging.txt").write_text(staging)
    (tmp_path / "production.txt").write_text(production)
    config = {"staging": "staging.txt", "production": "production.txt", **fields}
    settings = common or {}
    ignore = settings.pop("ignore", [])
    (found,) = ran([probe("versions", config, ignore=ignore)], root=tmp_path, **settings)
    return found


def test_each_version_says_how_far_it_is_from_productions(tmp_path):
    found = compared(tmp_path)
    assert [(change.path, change.title, change.severity) for change in found.changes] == [
        ("cache", "cache is not in staging", None),
        ("extra", "extra is not in production", None),
        ("k8s", "k8s: 2 minor versions behind", None),
        ("openssl", "openssl: the same numbers, another build", Severity.LOW),
        ("postgres", "postgres: 1 major version behind", Severity.HIGH),
    ]
    assert found.run.notes == ("web says latest, which does not tell what runs",)
    (score,) = found.run.scores
    assert (score.key, score.value, score.of) == ("service_parity", 0, 5)
    assert "web" in score.words


def test_what_is_near_enough_is_no_difference(tmp_path):
    found = compared(tmp_path, within="minor", common={"ignore": ["cache", "extra"]})
    assert [change.path for change in found.changes] == ["postgres"]
    assert found.run.scores[0].value == Decimal(2) / 5


def test_a_wider_gap_is_a_larger_number(tmp_path):
    def gap(staging, production):
        (change,) = compared(tmp_path, f"a {staging}\n", f"a {production}\n").changes
        return change.gap

    gaps = [
        gap("1.0.0", "1.0.0-b"),
        gap("1.0.0", "1.0.2"),
        gap("1.0.0", "1.2.0"),
        gap("1.0.0", "1.3.0"),
        gap("1.0.0", "2.0.0"),
    ]
    assert gaps == sorted(gaps) and len(set(gaps)) == 5
    assert gap("15", "15.4") is None


def test_where_nothing_can_be_compared_the_probe_could_not_look(tmp_path):
    found = compared(tmp_path, "web latest\n", "web latest\n")
    assert found.run.state == "error" and "only name whatever is newest" in found.run.why


def test_images_of_manifests(tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "p").mkdir()
    digest = "sha256:" + "a" * 64
    (tmp_path / "s" / "web.yaml").write_text("spec: {containers: [{image: mirror.example/shop/web:1.4.0}]}")
    (tmp_path / "p" / "web.yaml").write_text(f"spec: {{containers: [{{image: 'shop/web:1.4.0@{digest}'}}]}}")
    config = {"staging": "s/*.yaml", "production": ["p/*.yaml"]}
    (found,) = ran([probe("versions", config)], root=tmp_path)
    assert (found.run.state, found.run.compared) == ("pass", 1)
    (tmp_path / "s" / "web.yaml").write_text(
        f"spec: {{containers: [{{image: 'shop/web:1.4.0@{digest[:-1]}b'}}]}}"
    )
    (found,) = ran([probe("versions", config)], root=tmp_path)
    assert [change.title for change in found.changes] == ["shop/web: the same numbers, another build"]


def test_answers_of_servers(serve):
    def api(version):
        return lambda asked: (
            (200, {"Content-Type": "text/plain"}, f"{version}\n".encode())
            if asked.path == "/web/version"
            else body({"version": version, "uptime": 5})
        )

    one, other = serve(api("1.4.1")), serve(api("1.4.2"))
    config = {"staging": "s", "production": "p", "ask": {"api": "/version", "web": "/web/version"}}
    sources = [source("s", one.url), source("p", other.url)]
    (found,) = ran([probe("versions", config)], sources=sources)
    assert [(change.path, change.staging, change.production) for change in found.changes] == [
        ("api", "1.4.1", "1.4.2"),
        ("web", "1.4.1", "1.4.2"),
    ]
    (once,) = ran([probe("versions", {"staging": "s", "production": "p"})], sources=sources)
    assert [change.path for change in once.changes] == ["version"]
    broken = serve(lambda _: body({}, 500))
    (failed,) = ran(
        [probe("versions", {"staging": "s", "production": "p"})],
        sources=[sources[0], source("p", broken.url)],
    )
    assert failed.run.state == "error" and "production: the server answered with status 500" in failed.run.why


def test_a_command_or_an_answer_in_place_of_a_file(serve, tmp_path):
    (tmp_path / "images.txt").write_text("web 1.4\n")
    server = serve(lambda _: body({"web": "1.5"}))
    config = {"staging": {"command": "cat images.txt"}, "production": {"source": "p", "path": "/all"}}
    (found,) = ran([probe("versions", config)], sources=[source("p", server.url)], root=tmp_path)
    assert [(change.path, change.staging, change.production) for change in found.changes] == [
        ("web", "1.4", "1.5")
    ]
    assert KINDS["versions"].uses(probe("versions", config).config).commands == ("cat images.txt",)


def test_a_source_tells_the_version_of_its_server(serve):
    one, other = (
        serve(buildinfo_or(lambda _: body({}))),
        serve(lambda _: body({"data": {"version": "2.45.0"}})),
    )
    sources = [
        Source(key=key, kind="prometheus", config=PrometheusConfig(url=url))
        for key, url in (("s", one.url), ("p", other.url))
    ]
    (found,) = ran([probe("versions", {"staging": "s", "production": "p"})], sources=sources)
    assert [(change.path, change.title) for change in found.changes] == [
        ("prometheus", "prometheus: 3 minor versions behind")
    ]


@pytest.mark.parametrize("within", [None, "build", "patch", "minor", "major"])
def test_every_planted_version_is_found(tmp_path, within):
    found = compared(tmp_path, within=within, common={"proving": True})
    assert found.proof is not None
    assert [plant.title for plant in found.proof.planted if not plant.found] == []
    assert found.proof.whole


def test_odd_files_cost_their_probe_only(tmp_path):
    found = compared(tmp_path, "\x1b[31m\n", "a 1\n")
    assert found.run.state == "error" and "staging.txt" in found.run.why and "\x1b" not in found.run.why
    config = {"staging": "none/*.yaml", "production": "gone"}
    (missing,) = ran([probe("versions", config)], root=tmp_path)
    assert missing.run.state == "error"


def test_a_name_that_cannot_be_a_file_is_a_source():
    named = probe("versions", {"staging": "known", "production": "v.txt"}).config
    assert named.sources == ("known",)
    given = probe("versions", {"staging": "v.txt", "production": {"source": "other"}}).config
    assert given.sources == ("other",)
    assert [doubt.what for doubt in doubts(VersionsProbe(staging=[], production="x"), None)] == [
        "it names no file"
    ]


@pytest.mark.parametrize(
    ("text", "place", "other"),
    [
        ("v1.29.4-gke.1", 2, "v1.29.5-gke.1"),
        ("v1.29.4-gke.1", 0, "v2.29.4-gke.1"),
        ("PostgreSQL 15.4 on x86_64", 1, "PostgreSQL 15.5 on x86_64"),
        ("1:2.09-3", 1, "1:2.10-3"),
        ("latest", 0, None),
        ("15", 1, None),
    ],
)
def test_one_more(text, place, other):
    assert one_more(text, place) == other
