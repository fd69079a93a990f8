"""No secret survives, in whatever spelling a server echoes it."""

from __future__ import annotations

import base64
import html
import json
import quopri
import re
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.model.tokens import holds_token
from workbench.sources.redact import Redactor, without_secrets
from workbench.sources.spellings import contains

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


@given(SECRETS, st.integers(1, 80))
def test_base64_broken_into_lines_goes_too(secret, width):
    redactor = Redactor((secret,))
    for lead in range(3):
        whole = base64.b64encode(b"x" * lead + secret.encode() + b"yyy")
        lines = [whole[at : at + width] for at in range(0, len(whole), width)]
        for end in (b"\n", b"\r\n", b"\\n", b"\n  "):
            clean = redactor.data(b"begin " + end.join(lines) + end)
            assert b"[redacted]" in clean
            assert whole[3:-6] not in re.sub(rb"\\n|\s", b"", clean) or len(whole) < 12


@given(SECRETS)
def test_what_was_encoded_twice_for_an_address_goes_too(secret):
    twice = quote(quote(secret, safe=""), safe="").encode()
    letters = b"".join(b"%%25%02x" % byte for byte in secret.encode())
    for spelling in (twice, letters, b"z" * 2**17 + twice):
        assert spelling not in Redactor((secret,)).data(b"<" + spelling + b">")


TOKEN = "s3cR3t/t0ken+With=0dd&chars-0123"
LONG = TOKEN + "/4567+AbCdEfGhIjKlMnOpQrStUvWxYz-89"


def lines(data: bytes, width: int, end: bytes) -> bytes:
    return end.join(data[at : at + width] for at in range(0, len(data), width))


def further_spellings(secret: str) -> dict[str, bytes]:
    raw = secret.encode()
    found = {
        "hex with colons": raw.hex(":").encode(), "hex with blanks": raw.hex(" ").upper().encode(),
        "hex in C": b"".join(b"\\x%02x" % byte for byte in raw), "hex numbers": b", ".join(b"0x%02X" % byte for byte in raw),
        "lower case": raw.lower(), "upper case": raw.upper(), "mixed case": raw.swapcase(),
        "URL twice": quote(quote(secret, safe=""), safe="").lower().encode(),
        "quoted-printable": quopri.encodestring(raw), "quoted-printable in lines": raw.replace(b"=", b"=3D")[:9] + b"=\r\n" + raw.replace(b"=", b"=3D")[9:],
        "its beginning": raw[:14], "more of its beginning": raw[:17], "its beginning in lines": raw[:7] + b"\r\n " + raw[7:14],
        "folded": lines(raw, 10, b"\r\n "), "folded in JSON": lines(raw, 10, b"\\r\\n  "), "split by blanks": lines(raw, 4, b" "),
        "JSON three times": json.dumps(json.dumps(json.dumps(secret + '"')))[5:-5].encode(),
    }  # fmt: skip
    for lead in range(5):
        encoded = base64.b32encode(b"x" * lead + raw)
        found |= {f"base32 {lead}": encoded, f"base32 {lead}, small": encoded.lower()}
    for inner in (base64.b64encode, base64.urlsafe_b64encode):
        for outer in (base64.b64encode, base64.urlsafe_b64encode):
            for lead in range(3):
                twice = outer(b"y" * lead + inner(b"x" * lead + raw))
                found[f"{inner.__name__}, {outer.__name__}, {lead}"] = twice
                found[f"{inner.__name__}, {outer.__name__}, {lead}, in lines"] = lines(twice, 20, b"\r\n")
    return found


@pytest.mark.parametrize("around", [b"", b"z" * 2**17, b"z\n" * 2**16], ids=["small", "large", "in lines"])
@pytest.mark.parametrize("secret", [TOKEN, LONG], ids=["usual", "long"])
def test_nothing_of_a_token_is_left_in_whatever_spelling(secret, around):
    redactor = Redactor((secret,))
    for name, spelling in further_spellings(secret).items():
        clean = redactor.data(around + b"|" + spelling + b"|" + around)
        assert b"[redacted]" in clean, name
        kept = clean[len(around) :][: len(clean) - 2 * len(around)]
        assert len(kept) <= 2 + len(b"[redacted]") + 16, (name, kept)  # what stood before it, and its padding


def test_a_beginning_goes_with_all_that_follows_of_the_secret():
    redactor = Redactor((TOKEN, "päss-wörd-für-alle-ü", "https://metrics.example.com/x?k=1"))
    assert redactor.text(f"<{TOKEN[:20]}…>") == "<[redacted]…>"
    assert redactor.text(f"<{TOKEN[:13]}…>") == f"<{TOKEN[:13]}…>"  # may be something else
    assert redactor.text("päss-wörd-für-alle-ö") == "[redacted]ö"
    assert redactor.text("https://metrics.other.com") == "https://metrics.other.com"
    assert redactor.text("https://metrics.exampl") == "[redacted]"


def test_a_short_secret_is_removed_to_the_letter_only():
    redactor = Redactor(("Prod",))
    assert redactor.text("Prod prod PROD P rod") == "[redacted] prod PROD P rod"


@pytest.mark.parametrize(
    "part",
    [
        TOKEN[:13],
        TOKEN[:13] + "\n",
        TOKEN[0],
        TOKEN[0] + " " * 40,
        "  ".join(TOKEN[:-1]) + "?",
        "=\n",
        "\\n",
        TOKEN + "\n",
    ],
)
def test_a_large_body_of_nearly_the_secret_is_looked_through_in_one_go(part):
    redactor = Redactor((TOKEN,))
    data = (part * (4_000_000 // len(part))).encode() + b"\n" + lines(TOKEN.encode(), 10, b"\r\n ")
    clean = redactor.data(data)
    assert clean.endswith(b"[redacted]")


HANDED = [
    ("password: hunter2 and more", "password: [redacted] and more", "a password"),
    ('{"password": "hu\\"nt, er2", "a": 1}', '{"password": "[redacted]", "a": 1}', "a password"),
    (r"{\"password\":\"hunter2\"}", r"{\"password\":\"[redacted]\"}", "a password"),
    ("db.password=hunter2", "db.password=[redacted]", "a password"),
    ("Passwort: geheim", "Passwort: [redacted]", "a password"),
    ("client_secret: abc", "client_secret: [redacted]", "a password"),
    ("X-Api-Key: abc123", "X-Api-Key: [redacted]", "a header with a key"),
    ("-H 'PRIVATE-TOKEN: abc' x", "-H 'PRIVATE-TOKEN: [redacted]' x", "a header with a key"),
    ("Cookie: sid=abc; b=c\nHost: x", "Cookie: [redacted]\nHost: x", "a cookie"),
    ("Set-Cookie: sid=abc; Path=/", "Set-Cookie: [redacted]", "a cookie"),
    ("Authorization: Bearer abc.def", "Authorization: [redacted]", "an Authorization header"),
    (
        "Authorization: AWS4 Credential=a/b, Signature=c",
        "Authorization: [redacted]",
        "an Authorization header",
    ),
    ("AWS_SECRET_ACCESS_KEY=abc/def+1", "AWS_SECRET_ACCESS_KEY=[redacted]", "a secret of the environment"),
    ('export DB_PASSWORD="a b c"', 'export DB_PASSWORD="[redacted]"', "a secret of the environment"),
    ("curl -u user:pass https://x", "curl -u [redacted] https://x", "the password of a command"),
    ("mysql --password=foo -h x", "mysql --password=[redacted] -h x", "the password of a command"),
    (
        "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nok",
        "[redacted]\nok",
        "a private key",
    ),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc", "[redacted]", "a private key"),
    ("sent bearer abcdefgh12345", "sent bearer [redacted]", "a bearer token"),
    ("postgres://me:pw@host/x", "postgres://[redacted]@host/x", "a user in an address"),
    ("http://h/x?token=abc", "http://h/x?token=[redacted]", "a token in an address"),
    ("ghp_" + "a1" * 18, "[redacted]", "a token"),
]


@pytest.mark.parametrize(("text", "clean", "what"), HANDED)
def test_what_is_plainly_a_secret_is_removed_from_what_people_hand_in(text, clean, what):
    assert without_secrets(text.encode()) == (clean.encode(), (what,))
    assert without_secrets(clean.encode()) == (clean.encode(), ())


@pytest.mark.parametrize(
    "text",
    [
        "The password was changed by kim", "password: ${PW}", "password: ***", "PASSWORD=$PASSWORD",
        "Token budget: 12", "Cookie: the banner is new", "key: value", "MONKEY=3", "the secret of a good test",
        "restored in 31 minutes", "X-Request-Id: 12", "mail me@host", "curl -u", "authors: jo, kim",
    ],
)  # fmt: skip
def test_what_only_speaks_of_secrets_stays(text):
    assert without_secrets(text.encode()) == (text.encode(), ())


@pytest.mark.parametrize("part", [b"a-", b"a.", b"x-", b"A_", b"password ", b" --a", b"cookie:"])
def test_a_large_file_of_nearly_a_secret_is_looked_through_in_one_go(part):
    data = part * (2_000_000 // len(part))  # what is tried anew at every place takes hours
    assert without_secrets(data) == (data, ())


@pytest.mark.parametrize("part", [b"eyJ", b"eyJ-", b"eyJaaaaaaaaaaaa.", b"eyJaaaaaaaaaaaa.aaaaaaa "])
def test_a_large_body_of_beginnings_of_tokens_is_looked_through_in_one_go(part):
    data = part * (4_000_000 // len(part))
    clean = Redactor(()).data(data)
    assert (clean == data) == (not part.endswith(b"."))
    assert not holds_token(part.decode() * 100_000) or part.endswith(b".")


def test_a_web_token_goes_wherever_it_stands():
    token = b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
    for before in (b"", b"x", b"=", b"-", b"eyJ.", b"eyJ "):
        assert token not in Redactor(()).data(before + token + b" end")
    assert holds_token(token.decode()) and not holds_token("eyJhbGciOiJIUzI1NiJ9")
