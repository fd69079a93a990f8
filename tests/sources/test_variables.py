"""``$name`` in queries, and that a value never becomes part of the query."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.errors import SourceError
from workbench.sources.prometheus.variables import fill


@pytest.mark.parametrize(
    ("query", "filled"),
    [
        ('x{env="$environment"}[$window]', 'x{env="staging"}[5m]'),
        ("${environment}_total", "staging_total"),
        ("x{a='$quoted'}", "x{a='it\\'s \"so\"'}"),
        ('x{a="$quoted"}', 'x{a="it\'s \\"so\\""}'),
        ("x{a=`$quoted`}", 'x{a=`it\'s "so"`}'),
        ('x{a=~"b$"}', 'x{a=~"b$"}'),
        ('x{a=~"b$|c$"}', 'x{a=~"b$|c$"}'),
        ("a $$environment", "a $environment"),
        ('x{a="\\"$environment"}', 'x{a="\\"staging"}'),
        ("x{a=`\\`} + $window", "x{a=`\\`} + 5m"),
        ('# it\'s "$environment\nx{a="$quoted"}', '# it\'s "staging\nx{a="it\'s \\"so\\""}'),
        ('x{a="$lines"}', 'x{a="a\\u000ab"}'),
    ],
)
def test_filled(query, filled):
    values = {"environment": "staging", "window": "5m", "quoted": 'it\'s "so"', "lines": "a\nb"}
    assert fill(query, values) == filled


@pytest.mark.parametrize(
    ("query", "values", "hint"),
    [
        ("x[$window]", {}, "give the measure a window"),
        ("x{a='$envronment'}", {"environment": "s"}, "did you mean $environment?"),
        ("$thing", {"flow": "f"}, "known here: $flow"),
        ("x[$v]", {"v": "5m] or vector(1)"}, "in quotes"),
        ("x{a=`$v`}", {"v": "a` or `b"}, "in quotes"),
    ],
)
def test_refused(query, values, hint):
    with pytest.raises(SourceError) as caught:
        fill(query, values)
    assert hint in (caught.value.hint or "")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_value_stays_inside_its_quotes(value):
    filled = fill('x{a="$v"}', {"v": value})
    inner = filled.removeprefix('x{a="').removesuffix('"}')
    assert json.loads('"' + _as_json(inner) + '"') == value


def _as_json(text: str) -> str:
    """Go's ``\\U0001f600`` as JSON writes it."""
    import re

    return re.sub(
        r"(?<!\\)((?:\\\\)*)\\U([0-9a-f]{8})", lambda m: m[1] + json.dumps(chr(int(m[2], 16)))[1:-1], text
    )
