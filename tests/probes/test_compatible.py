"""The candidate with what runs in production: verified, not verified, unknown; and unknown never passes."""

from __future__ import annotations

import json

import pytest
from tests.probes.asking import ALONE, probe, ran

from workbench.definitions.shapes import Severity
from workbench.model.errors import SourceError
from workbench.probes.kinds.compatible import CompatibleProbe, doubts
from workbench.probes.kinds.compatible.table import Tried, tried_in, version_key
from workbench.probes.prober import Around

NEW = "web 2.3.0\napi v1.30.0\nschema 42\nmailer 1.0\n"
OLD = "web 2.2.0\napi v1.29.4\nschema 41\nmailer 1.0\n"


def row(consumer, version, provider, provider_version, verified):
    return {
        "consumer": consumer, "version": version, "provider": provider, "provider_version": provider_version,
        "verified": verified,
    }  # fmt: skip


ALL = [
    row("web", "2.3.0", "api", "1.29.4", True),
    row("web", "2.2.0", "api", "1.30.0", True),
    row("web", "2.3.0", "api", "1.30.0", True),
    row("api", "1.30.0", "schema", "41", True),
    row("api", "1.29.4", "schema", "42", True),
    row("api", "1.30.0", "schema", "42", True),
]


def looked(tmp_path, rows=ALL, new=NEW, old=OLD, proving=False, around=ALONE, **fields):
    (tmp_path / "new.txt").write_text(new)
    (tmp_path / "old.txt").write_text(old)
    (tmp_path / "verified.json").write_text(json.dumps(rows))
    config = {
        "staging": "new.txt",
        "production": "old.txt",
        "verified": "verified.json",
        "schemas": ["schema"],
        **fields,
    }
    (found,) = ran([probe("compatible", config)], root=tmp_path, proving=proving, around=around)
    return found


def test_what_was_tried_both_ways_passes(tmp_path):
    found = looked(tmp_path)
    assert (found.run.why, found.changes, found.run.state) == ("", (), "pass")
    assert found.run.notes == ("nothing says who calls mailer, or what it calls",)
    (score,) = found.run.scores
    assert (score.value, score.of) == (1, 6)


@pytest.mark.parametrize(
    ("at", "path", "words"),
    [
        (0, "web/api/new caller", "web 2.3.0 with api v1.29.4 with what runs in production: unknown"),
        (1, "web/api/new called", "web 2.2.0 with api v1.30.0 while it is rolled out: unknown"),
        (2, "web/api/both new", "web 2.3.0 with api v1.30.0 once both are deployed: unknown"),
        (4, "api/schema/new called", "api v1.29.4 with schema 42 when the release is rolled back: unknown"),
    ],
)
def test_what_nobody_tried_is_unknown_and_blocks(tmp_path, at, path, words):
    found = looked(tmp_path, [one for place, one in enumerate(ALL) if place != at])
    (change,) = found.changes
    assert (change.path, change.title, change.severity) == (path, words, Severity.HIGH)
    assert found.run.state == "fail"


def test_what_failed_is_not_verified_and_a_table_that_says_both_does_not_pass(tmp_path):
    failed = [ALL[0] | {"verified": False}, *ALL[1:]]
    (change,) = looked(tmp_path, failed).changes
    assert change.title.endswith(": not verified")
    (both,) = looked(tmp_path, [*failed, ALL[0]]).changes
    assert both.title.endswith(": verified and not verified")


def test_what_is_not_deployed_needs_no_trial(tmp_path):
    assert looked(tmp_path, ALL[:1], new=OLD).run.state == "pass"


def test_a_version_that_only_names_the_newest_was_never_tried(tmp_path):
    latest = OLD.replace("web 2.2.0", "web latest")
    rows = [row("web", "latest", "api", "1.29.4", True)]
    found = looked(tmp_path, rows, new=latest, old=latest)
    assert [change.title for change in found.changes] == [
        "web latest with api v1.29.4 with what runs in production: unknown"
    ]


def test_a_side_that_tells_no_version_is_unknown(tmp_path):
    found = looked(tmp_path, old="web 2.2.0\nschema 41\n")
    assert any("api (version unknown)" in change.title for change in found.changes)


def test_pairs_that_are_named_are_asked_for(tmp_path):
    found = looked(tmp_path, [*ALL, row("a", "1", "b", "1", True)], pairs=["web -> mailer"])
    assert [change.path for change in found.changes] == ["web/mailer/new caller"]


def test_the_candidate_is_a_version_of_a_part(tmp_path):
    sha = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"
    around = Around(version="2.3.0", commit=sha)
    rows = [row("web", sha, "api", "1.29.4", True)]
    fields = {"staging": None, "candidate": {"web": "commit"}, "around": around}
    found = looked(tmp_path, rows, **fields)
    assert [change.path for change in found.changes] == []
    failed = looked(tmp_path, [row("web", "2.3.0", "api", "1.29.4", True)], **fields)
    assert [change.title for change in failed.changes] == [
        f"web {sha} with api v1.29.4 with what runs in production: unknown"
    ]
    by_version = looked(tmp_path, ALL[:1], **{**fields, "candidate": {"web": "version"}})
    assert by_version.run.state == "pass"
    alone = looked(tmp_path, rows, staging=None, candidate={"web": "commit"})
    assert alone.run.state == "error" and "there is no current release" in alone.run.why
    said = CompatibleProbe(production="b.txt", verified="c")
    assert [doubt.what for doubt in doubts(said, None)] == ["nothing says what the candidate consists of"]


def test_every_planted_version_is_found(tmp_path):
    proof = looked(tmp_path, proving=True).proof
    assert proof is not None
    assert [plant.title for plant in proof.planted if not plant.found] == [] and len(proof.planted) == 3
    assert proof.whole
    same = looked(tmp_path, ALL[:1], new=OLD, proving=True).proof
    assert same is not None and same.whole


PACT = {
    "consumer": {"name": "web", "version": "2.3.0"},
    "provider": {"name": "api", "version": "1.29.4"},
    "success": True,
}
MATRIX = {
    "matrix": [
        {
            "consumer": {"name": "web", "version": {"number": "2.3.0", "branch": "main"}},
            "provider": {"name": "api", "version": {"number": "1.29.4"}},
            "verificationResult": {"success": False, "verifiedAt": "2026-11-20"},
        },
        {
            "consumer": {"name": "web", "version": {"number": "2.2.0"}},
            "provider": {"name": "api", "version": {"number": "1.29.4"}},
            "verificationResult": None,
        },
    ]
}


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        (json.dumps(PACT), [Tried("web", "2.3.0", "api", "1.29.4", True)]),
        (json.dumps(MATRIX), [Tried("web", "2.3.0", "api", "1.29.4", False)]),
        (
            "verified:\n  - {consumer: web, version: 2.10, provider: api, provider_version: 1, verified: yes}\n",
            [Tried("web", "2.10", "api", "1", True)],
        ),
        ("- {consumer: web, version: 1, provider: api, provider_version: 1, verified: perhaps}\n", []),
    ],
)
def test_tables(text, tried):
    assert tried_in(text.encode(), "f") == tried


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "holds no pair"),
        (b"{", "no YAML"),
        (b"- {consumer: web, provider: api, verified: true}\n", "does not name both sides"),
        (b"\xff\xfe", "holds no pair"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(data, why):
    with pytest.raises(SourceError) as error:
        tried_in(data, "verified.yaml")
    assert why in error.value.what and (error.value.where or "").startswith("verified.yaml")


def test_spellings_of_one_version():
    assert version_key("v1.2.0-rc1") == version_key("1.2.0-rc1") != version_key("1.2.0")
    assert version_key("3f2a9c1") == "3f2a9c1"


def test_pairs_have_an_arrow():
    config = CompatibleProbe(staging="a.txt", production="b.txt", verified="c", pairs=["web", "a -> b"])
    assert [doubt.what for doubt in doubts(config, None)] == ["“web” is no pair"]
