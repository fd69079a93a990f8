"""Lists of components: what real ones say of two environments, and every way in which a name or a version is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.sources.generated import GENERATED, read, written

from workbench.sources.kinds import KINDS
from workbench.sources.reading import Reading
from workbench.sources.recognising import Sample, recognised
from workbench.sources.sbom.components import Component, component

PRODUCTION = {"baseline_files": "cyclonedx/production.json"}


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("differing", 3),
        ("changed", 1),
        ("added", 1),
        ("removed", 1),
        ("components", 5),
        ("without_version", 0),
    ],
)
def test_what_differs_between_two_real_lists(asked: str, number: int) -> None:
    reading = read("sbom", "cyclonedx/staging.json", config=PRODUCTION, read=asked)
    assert (reading.state, reading.value) == ("ok", number), reading.why


def test_how_far_the_farthest_version_is_and_which_it_is() -> None:
    asked = {"config": PRODUCTION, "question": {"unit": "minor"}, "read": "version_distance"}
    reading = read("sbom", "cyclonedx/staging.json", **asked)
    assert (reading.value, reading.unit) == (1, "minor")
    assert reading.why == "pypi/requests: 1 minor version ahead"
    assert reading.partial == "2 components that only one side has cannot be compared"
    alone = read("sbom", "cyclonedx/staging.json", **asked, components=["pypi/flask"])
    assert (alone.value, alone.partial) == (0, None)


@pytest.mark.parametrize("asked", ["differing", "changed"])
def test_a_component_without_a_version_is_never_the_same(asked: str) -> None:
    reading = read("sbom", "cyclonedx/unpinned.json", config=PRODUCTION, read=asked)
    assert reading.facts["without_version"] == "pypi/requests, which count as changed"
    assert (
        read("sbom", "cyclonedx/unpinned.json", config=PRODUCTION, read="version_distance").state == "missing"
    )
    assert read("sbom", "cyclonedx/unpinned.json", read="without_version").value == 1


def test_spdx_of_a_real_tool_leaves_out_what_it_is_a_list_of() -> None:
    reading = read("sbom", "cyclonedx/spdx.json", read="components")
    assert reading.value == 23
    assert reading.facts["tool"] == "sbom4python-0.12.6"
    assert (
        read("sbom", "cyclonedx/spdx.json", read="components", components=["pypi/sbom4python"]).state
        == "missing"
    )


def test_lists_of_different_programs_may_name_things_differently() -> None:
    reading = read("sbom", "cyclonedx/spdx.json", config={"baseline_files": "cyclonedx/environment.json"})
    assert "which may name things differently" in str(reading.facts["note"])
    assert "pypi/attrs" not in str(reading.facts.get("added"))


@pytest.mark.parametrize("name", ["missing.json", "empty.json"])
def test_without_the_other_side_nothing_is_compared(name: str) -> None:
    config = {"baseline_files": f"cyclonedx/{name}"}
    assert read("sbom", "cyclonedx/staging.json", config=config).state == "missing"


def test_one_side_that_cannot_be_read_is_an_error() -> None:
    config = {"baseline_files": "cyclonedx/staging.xml"}
    reading = read("sbom", "cyclonedx/staging.json", config=config)
    assert (reading.state, "XML" in reading.why) == ("error", True)


@pytest.mark.parametrize(
    ("purl", "name", "version"),
    [
        ("pkg:pypi/Charset_Normalizer@3.4.0", "pypi/charset-normalizer", "3.4.0"),
        ("pkg:npm/%40angular/core@12.3.1", "npm/@angular/core", "12.3.1"),
        ("pkg:deb/debian/openssl@1:3.0-1?arch=amd64&distro=bookworm", "deb/debian/openssl", "1:3.0-1"),
        ("pkg:GitHub/Package-URL/purl-spec@244fd47e", "github/package-url/purl-spec", "244fd47e"),
        ("pkg:golang/github.com/Azure/sdk@v1.2#sub/dir", "golang/github.com/Azure/sdk", "v1.2"),
        ("pkg:maven/org.apache/commons@1.0%2Bbuild", "maven/org.apache/commons", "1.0+build"),
        ("pkg://npm/left-pad", "npm/left-pad", "9"),
        ("no purl", "plain", "9"),
        (None, "plain", "9"),
    ],
)
def test_names_that_tools_write_differently(purl: str | None, name: str, version: str) -> None:
    assert component(purl, "plain", "9") == Component(name, version)


@pytest.mark.parametrize("version", [None, "", "NOASSERTION", "none", "unknown"])
def test_words_that_are_no_version(version: str | None) -> None:
    assert component(None, "x", version).version == ""


# --- what is written in other ways


def bom(tmp_path: Path, name: str, *components: dict[str, Any], **more: Any) -> str:
    value = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": components, **more}
    return written(tmp_path, name, value)


def compared(
    tmp_path: Path, ours: list[dict[str, Any]], theirs: list[dict[str, Any]], **asked: Any
) -> Reading:
    mine, other = bom(tmp_path, "ours.json", *ours), bom(tmp_path, "theirs.json", *theirs)
    return read("sbom", mine, root=tmp_path, config={"baseline_files": other}, **asked)


def of(name: str, version: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "version": version, **more}


def test_components_inside_components_count_and_files_do_not(tmp_path: Path) -> None:
    inside = of("app", "1", components=[of("lib", "2"), {"type": "file", "name": "a.so"}])
    assert read("sbom", bom(tmp_path, "a.json", inside), root=tmp_path, read="components").value == 2


def test_components_of_what_it_is_a_list_of_count_and_that_does_not(tmp_path: Path) -> None:
    metadata = {"component": of("shop", "1", components=[of("lib", "2")])}
    name = bom(tmp_path, "a.json", of("other", "1"), metadata=metadata)
    assert read("sbom", name, root=tmp_path, read="components").value == 2
    assert read("sbom", name, root=tmp_path, read="components", components=["shop"]).state == "missing"


def test_each_of_several_versions_is_compared_with_the_nearest(tmp_path: Path) -> None:
    ours, theirs = [of("x", "1.0.0"), of("x", "2.0.1")], [of("x", "1.0.0"), of("x", "2.0.0")]
    reading = compared(tmp_path, ours, theirs, read="version_distance")
    assert (reading.value, reading.unit) == (1, "patch")


def test_a_version_that_cannot_be_compared_has_no_distance(tmp_path: Path) -> None:
    reading = compared(tmp_path, [of("x", "latest")], [of("x", "1.0")], read="version_distance")
    assert reading.state == "missing" and reading.why.startswith("x: ")


@pytest.mark.parametrize("asked", ["changed", "version_distance"])
def test_lists_of_two_other_things_have_no_distance(asked: str, tmp_path: Path) -> None:
    reading = compared(tmp_path, [of("x", "1")], [of("y", "1")], read=asked)
    assert (reading.state, reading.value) == ("missing", None)
    assert compared(tmp_path, [of("x", "1")], [of("y", "1")]).value == 2


def test_an_incomplete_list_counts_only_where_a_team_wants_it_shown(tmp_path: Path) -> None:
    name = bom(
        tmp_path, "a.json", of("x", "1"), compositions=[{"aggregate": "unknown"}, {"aggregate": "complete"}]
    )
    assert read("sbom", name, root=tmp_path, read="components").state == "missing"
    shown = read("sbom", name, root=tmp_path, read="components", incomplete="show")
    assert shown.value == 1 and "nobody knows" in (shown.partial or "")


def test_vulnerabilities_that_the_list_names(tmp_path: Path) -> None:
    told = [
        {"id": "A", "ratings": [{"severity": "medium"}, {"severity": "critical"}], "affects": [{"ref": "r"}]},
        {"id": "B", "ratings": [], "affects": [{"ref": "r"}, {"ref": "gone"}]},
        {"id": "C", "ratings": [{"severity": "high"}], "analysis": {"state": "false_positive"}},
        {"id": "D", "ratings": [{"severity": "low"}], "analysis": {"state": "in_triage"}},
    ]
    name = bom(tmp_path, "a.json", {"bom-ref": "r", **of("x", "1")}, vulnerabilities=told)
    reading = read("sbom", name, root=tmp_path, read="open_findings")
    assert reading.value == 4
    assert reading.why.startswith("1 critical, 1 low, 2 without a severity: A in x 1")
    assert read("sbom", name, root=tmp_path, read="open_findings", severity=["critical", "high"]).value == 3


def test_spdx_inside_the_answer_of_a_code_host(tmp_path: Path) -> None:
    packages = [
        {"SPDXID": "SPDXRef-repo", "name": "shop"},
        {
            "SPDXID": "a",
            "name": "x",
            "versionInfo": "1",
            "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:npm/x@1"}],
        },
    ]
    relation = {
        "spdxElementId": "SPDXRef-DOCUMENT",
        "relatedSpdxElement": "SPDXRef-repo",
        "relationshipType": "DESCRIBES",
    }
    inner = {"spdxVersion": "SPDX-2.3", "packages": packages, "relationships": [relation]}
    name = written(tmp_path, "a.json", {"sbom": inner})
    reading = read("sbom", name, root=tmp_path, read="components", components=["npm/x"])
    assert reading.value == 1
    assert read("sbom", name, root=tmp_path, read="components").value == 1


@pytest.mark.parametrize(
    "path", sorted(GENERATED.glob("cyclonedx/*.[jx]*")), ids=lambda path: f"{path.stem}{path.suffix}"
)
def test_they_are_recognised(path: Path) -> None:
    (found,) = recognised(Sample(path.name, path.read_bytes()), KINDS)
    assert found.kind == "sbom"
    assert found.words == {"spdx.json": "SPDX-2.3", "staging.xml": "CycloneDX as XML"}.get(
        path.name, "CycloneDX 1.6"
    )
