"""Versions as people tag them: what is read, which one counts, what comes next."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.releases.versions import finished, following, is_unfinished, read_version, releases_among

DAY = date(2026, 11, 25)

TAGS = [
    # tag, version, what follows it
    ("v2.3.9", "2.3.9", "2.3.10"),
    ("2.3", "2.3", "2.4"),
    ("v3", "3", "4"),
    ("release-7", "7", "8"),
    ("V1.0.0", "1.0.0", "1.0.1"),
    ("v2.0.0-beta2", "2.0.0-beta2", "2.0.0-beta3"),
    ("v2.0.0-beta", "2.0.0-beta", "2.0.0"),
    ("v1.0.0-alpha.1", "1.0.0-alpha.1", "1.0.0-alpha.2"),
    ("3.21.0-a.0", "3.21.0-a.0", "3.21.0-a.1"),
    ("1.2.3+build5", "1.2.3+build5", "1.2.4"),
    ("v1.2.3-rc.1+20261120.abc", "1.2.3-rc.1+20261120.abc", "1.2.3-rc.2"),
    ("1.0rc1", "1.0rc1", "1.0rc2"),
    ("1.0a1", "1.0a1", "1.0a2"),
    ("1.0.post1", "1.0.post1", "1.1"),
    ("1.0.dev3", "1.0.dev3", "1.0.dev4"),
    ("v4.0.0.Final", "4.0.0.Final", "4.0.1"),
    ("v3-beta2", "3-beta2", "3-beta3"),
    ("release-2026-11-20", "2026-11-20", "2026-11-25"),
    ("2026-11-25", "2026-11-25", "2026-11-25.2"),
    ("2026-11-25.2", "2026-11-25.2", "2026-11-25.3"),
    ("nightly-20261120", "20261120", "20261125"),
    ("2026.11.20", "2026.11.20", "2026.11.25"),
    ("2026.11.3", "2026.11.3", "2026.11.4"),
    ("2026.11", "2026.11", "2026.12"),
    ("REL_16_3", "16.3", "16.4"),
    ("release-1-2-3", "1.2.3", "1.2.4"),
    ("k8s-1.2.3", "1.2.3", "1.2.4"),
    ("log4j-2.0-rc1", "2.0-rc1", "2.0-rc2"),
    ("go1.22.1", "1.22.1", "1.22.2"),
    ("@acme/web@1.4.0", "1.4.0", "1.4.1"),
    ("releases/v5.1", "5.1", "5.2"),
    ("2.0.0.1", "2.0.0.1", "2.0.0.2"),
]


@pytest.mark.parametrize(("tag", "version", "after"), TAGS)
def test_a_tag_names_a_version_and_the_next(tag: str, version: str, after: str) -> None:
    read = read_version(tag)
    assert read is not None
    assert (read.text, following(read, DAY)) == (version, after)


@pytest.mark.parametrize(
    "tag", ["nightly", "sic-jss", "latest", "1a2b3c4", "backup-3f2a1", "", "v", "2026-13-45x", "x" * 200]
)
def test_a_tag_without_a_version_names_none(tag: str) -> None:
    assert read_version(tag) is None


def test_versions_stand_in_their_order() -> None:
    rising = [
        "1.0.dev1", "1.0a1", "1.0-alpha.2", "1.0b1", "1.0-beta.2", "1.0rc1.dev2", "1.0rc1", "1.0-rc.10", "1.0.0",
        "1.0.0.post1", "1.0.1", "1.9", "1.10", "2.0.0-M1", "2.0.0-RC1", "2.0.0",
    ]  # fmt: skip
    orders = [version.order for text in rising if (version := read_version(text))]
    assert len(orders) == len(rising)
    assert orders == sorted(orders)
    assert len(set(orders)) == len(orders)


@pytest.mark.parametrize(
    ("tags", "tag"),
    [
        (["v3", "v3.0.0", "v2.9.1"], "v3.0.0"),  # v3 moves with every release of 3
        (["v3", "v2"], "v3"),
        (["sic-jss", "v0.9.0", "v0.10.0"], "v0.10.0"),
        (["v1.0.0-rc.1", "v1.0.0", "v0.9"], "v1.0.0"),
        (["v1.2.0", "release-2020-01-01"], "v1.2.0"),  # the newest says whether dates are in use
        (["3.23.2", "3.22.9", "v2018.09"], "3.23.2"),  # years were given up
        (["v2018.09", "v0.9"], "v2018.09"),
        (["release-2026-11-20", "v1.2.0"], "release-2026-11-20"),
        (["api-v9.0.0", "v1.2.0", "web-v3.0.0"], "v1.2.0"),
        (["charts-0.4.0", "charts-0.3.0"], "charts-0.4.0"),  # one part only
        (["shop-2.0.0", "build-99"], "shop-2.0.0"),  # the project's own name
    ],
)
def test_one_tag_of_many_counts(tags: list[str], tag: str) -> None:
    found = releases_among(tags, ("shop",))
    assert max(found, key=lambda name: found[name].order) == tag


@pytest.mark.parametrize("tags", [[], ["nightly", "sic-jss"], ["api-v9.0.0", "web-v3.0.0"]])
def test_where_no_tag_is_the_projects_own_none_counts(tags: list[str]) -> None:
    assert not releases_among(tags)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3.0.0-SNAPSHOT", "3.0.0"),
        ("1.4.dev0", "1.4"),
        ("1.4.0-dev", "1.4.0"),
        ("2.1.0.dev3+g1a2b", "2.1.0.dev3+g1a2b"),
        ("3.24.0-a.0", "3.24.0-a.0"),
        ("1.0.0", "1.0.0"),
    ],
)
def test_a_version_that_is_worked_on_is_meant_without_the_word(written: str, meant: str) -> None:
    version = read_version(written)
    assert version is not None
    assert (finished(version) if is_unfinished(version) else version).text == meant


@given(st.text(max_size=90) | st.from_regex(r"[a-z]{0,4}[-v]?[0-9.]{1,12}[-+.a-z0-9]{0,12}", fullmatch=True))
def test_any_text_is_read_or_not_and_has_a_next(text: str) -> None:
    version = read_version(text)
    if version is not None:
        assert following(version, DAY) != version.text
        assert version.order <= version.order
