"""Test reports: whatever stands in the XML, it is fetched or refused in words, and the gate is judged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import SHOP, web_shop

REPORTS = [path.read_bytes() for path in sorted((SHOP / "reports").glob("*.xml"))]
SMALL = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="1" errors="0" time="1.5" timestamp="2026-10-02T08:00:00">
<testsuite name="a" tests="4" failures="1" errors="0" skipped="1" time="1.5" timestamp="2026-10-02T08:00:00">
<properties><property name="commit" value="3b05dd6"/></properties>
<testcase classname="a.B" name="c" time="0.5"/>
<testcase classname="a.B" name="d"><skipped message="later"/></testcase>
<testcase classname="a.B" name="e"><failure type="X" message="no">text</failure></testcase>
<testcase classname="a.B" name="f"><rerunFailure message="once"/><flakyFailure message="twice"/><system-out>x</system-out></testcase>
</testsuite></testsuites>
"""
ATTRIBUTES = st.sampled_from(
    (
        b"tests",
        b"failures",
        b"errors",
        b"skipped",
        b"time",
        b"timestamp",
        b"name",
        b"classname",
        b"status",
        b"result",
    )
)


@st.composite
def attributes(draw: st.DrawFn) -> bytes:
    """A small report with odd values of attributes, escaped as a careful program would."""
    data = SMALL
    for _ in range(draw(st.integers(1, 4))):
        name, value = draw(ATTRIBUTES), draw(odd.texts)
        clean = value.encode("ascii", "xmlcharrefreplace").replace(b'"', b"&quot;").replace(b"<", b"&lt;")
        parts = data.split(b" " + name + b'="')
        if len(parts) > 1:
            which = draw(st.integers(1, len(parts) - 1))
            parts[which] = clean + b'"' + parts[which].partition(b'"')[2]
        data = (b" " + name + b'="').join(parts)
    return data


@SOME
@given(st.one_of(attributes(), odd.bytes_of([SMALL, *REPORTS])))
def test_reports(data: bytes) -> None:
    place = web_shop()
    place.put_back()
    (place.root / "reports" / "rc3.xml").write_bytes(data)
    place.survives("fetch", "--source", "reports")
    place.survives("gate", "benchmarks")
