"""No secret survives, in whatever spelling a server echoes it."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.sources.redact import Redactor, contains

SECRETS = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x2FF, exclude_categories=["Cc", "Cs", "Zs"]),
    min_size=6,
    max_size=40,
)
AROUND = st.binary(max_size=12)


def spellings(secret: str, before: bytes, after: bytes) -> list[bytes]:
    raw = secret.encode()
    return [
        raw,
        quote(secret, safe="").encode(),
        quote(secret).encode(),
        quote_plus(secret).encode(),
        quote(secret, safe="").lower().encode() if secret == secret.lower() else raw,
        b"".join(b"%%%02x" % byte for byte in raw),
        json.dumps(secret)[1:-1].encode(),
        json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        json.dumps(json.dumps(secret))[3:-3].encode(),
        json.dumps(secret)[1:-1].replace("/", "\\/").encode(),
        "".join(f"\\u{ord(c):04x}" for c in secret).encode(),
        html.escape(secret).encode(),
        raw.hex().encode(),
    ]


@given(SECRETS, AROUND, AROUND)
@example("a+b/c=d&e%f", b"", b"")
@example("päss/wörd+1", b"x", b"y")
def test_no_spelling_survives(secret, before, after):
    redactor = Redactor((secret,))
    for spelling in spellings(secret, before, after):
        clean = redactor.data(before + b"|" + spelling + b"|" + after)
        assert spelling not in clean or spelling in b"[redacted]"
        assert b"[redacted]" in clean


@given(SECRETS, AROUND, AROUND)
def test_base64_at_every_alignment(secret, before, after):
    redactor = Redactor((secret,))
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        whole = encode(before + secret.encode() + after)
        clean = redactor.data(b'{"x": "' + whole + b'"}')
        assert whole not in clean
        assert b"[redacted]" in clean


@given(SECRETS)
def test_a_large_body_is_searched_to_its_end(secret):
    redactor = Redactor((secret,))
    filler = b"x" * (2**20 - 3)
    for spelling in (secret.encode(), quote(secret, safe="").encode()):
        assert spelling not in redactor.data(filler + b"|" + spelling + b"|" + b"y" * 100)


def test_what_holds_no_secret_is_the_same_object():
    data = b'{"status":"success","data":{"resultType":"vector","result":[]}}'
    assert Redactor(("hunter2hunter2",)).data(data) is data


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Authorization: Bearer abc.def", "Authorization: [redacted]"),
        ('{"authorization": "Basic dXNlcg=="}', '{"authorization": "[redacted]"}'),
        ("sent bearer abcdefgh12345", "sent bearer [redacted]"),
        ("https://me:pw@host/x", "https://[redacted]@host/x"),
        ("http://h/x?a=1&token=abc&b=2", "http://h/x?a=1&token=[redacted]&b=2"),
        ("http://h/x?api_key=abc", "http://h/x?api_key=[redacted]"),
        ("ghp_" + "a1" * 18, "[redacted]"),
        ("x github_pat_" + "A" * 30, "x [redacted]"),
        ("glpat-" + "a" * 20, "[redacted]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig", "[redacted]"),
        ("mail me@host and http://host/a@b", "mail me@host and http://host/a@b"),
    ],
)
def test_what_looks_like_a_token_goes_too(text, clean):
    assert Redactor(()).text(text) == clean


@given(st.binary(min_size=1, max_size=8), st.integers(0, 2**20 + 50))
def test_contains_across_pieces(part, position):
    data = b"\xff" * position + part + b"\xff" * (2**20)
    assert contains(data, part)
    assert contains(data, b"\x01\x02\x03\x04\x05\x06\x07\x08\x09") is False
