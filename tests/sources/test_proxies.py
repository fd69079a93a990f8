"""What the environment says of proxies and certificates costs only the requests that go by it."""

from __future__ import annotations

import os
import socket
import ssl
from pathlib import Path

import pytest

from workbench.model.errors import SourceError
from workbench.sources import proxies
from workbench.sources.junit import JUnitConfig
from workbench.sources.proxies import Proxy
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.test_runs import RunTests

from .support import AT, ask, buildinfo_or, prometheus, question, vector

NAMES = (
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "ssl_cert_file",
    "ssl_cert_dir",
    "sslkeylogfile",
)
ONE = vector(({}, "1"))


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("localhost,[::1]", "localhost", True),
        ("localhost,[::1]", "::1", True),
        ("localhost,[::1]", "example.com", False),
        ("fe11::/16", "fe11::1", True),
        ("fe11::/16", "example.com", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("*", "example.com", True),
        (" Example.COM ", "example.com", True),
        (".example.com", "metrics.example.com", True),
        ("*.example.com", "metrics.example.com", True),
        ("example.com", "metrics.example.com.", True),
        ("example.com", "notexample.com", False),
        ("http://example.com", "example.com", True),
        ("example.com:9090", "example.com", True),
        ("example.com:9091", "example.com", False),
        ("[::1]:9090", "::1", True),
        ("[::1", "example.com", False),
        (",,:,]:[,%%%,://", "example.com", False),
        ("", "example.com", False),
    ],
)
def test_hosts_that_are_asked_directly(monkeypatch, no_proxy, host, direct) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (proxies.proxy_for("http", host, 9090) is None) == direct


def test_the_proxy_of_the_scheme_comes_before_that_of_all(monkeypatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://all.example.com:1")
    monkeypatch.setenv("https_proxy", "secure.example.com:2")
    assert proxies.proxy_for("https", "x", None) == Proxy("http://secure.example.com:2", "https_proxy")
    assert proxies.proxy_for("http", "x", None) == Proxy("http://all.example.com:1", "ALL_PROXY")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080", "the package socksio is missing"),
        ("ALL_PROXY", "socks4://127.0.0.1:1080", "a kind of proxy that is not known"),
        ("HTTP_PROXY", "http://u:Geheim9#x@127.0.0.1:3128", "holds no address"),
        ("HTTP_PROXY", "http://u:Geheim9/x@127.0.0.1:3128", "holds no address"),
        ("HTTP_PROXY", "http://127.0.0.1:notaport", "holds no address"),
        ("HTTP_PROXY", "ftp://127.0.0.1:3128", "a kind of proxy that is not known"),
        ("HTTP_PROXY", "http://", "holds no address"),
        ("HTTP_PROXY", "http://[::1", "holds no address"),
        ("HTTP_PROXY", "http://a\x1b[31m", "holds no address"),
    ],
)
def test_a_proxy_that_cannot_be_used_costs_the_questions_that_go_by_it(
    monkeypatch, tmp_path: Path, name, value, words
) -> None:
    monkeypatch.setenv(name, value)
    report = tmp_path / "report.xml"
    report.write_text("<testsuite><testcase name='a'/></testsuite>")
    os.utime(report, (AT.timestamp(), AT.timestamp()))
    fetched = ask(
        [
            prometheus("http://metrics.example.com"),
            SourceSpec("ci", "junit", JUnitConfig(files="report.xml")),
        ],
        [question(), Question(subject="tests/ci", source="ci", at=AT, role="tests", ask=RunTests())],
        root=tmp_path,
    )
    told = {reading.source: reading for reading in fetched.readings}
    assert told["metrics"].state == "error"
    assert f"{name} cannot be used: " in told["metrics"].why and words in told["metrics"].why
    assert "Geheim9" not in told["metrics"].why
    assert (told["ci"].state, told["ci"].value) == ("ok", 1)


@pytest.mark.parametrize("content", [None, "no certificates"])
def test_certificates_that_cannot_be_used_are_named_where_they_are_needed(
    monkeypatch, tmp_path, serve, content
) -> None:
    path = tmp_path / "own.pem"
    if content:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    plain = serve(buildinfo_or(lambda _: ONE))
    fetched = ask(
        [prometheus(plain.url, "plain"), prometheus("https://127.0.0.1:9", "secure")],
        [question(source="plain"), question(source="secure")],
    )
    told = {reading.source: reading for reading in fetched.readings}
    assert told["plain"].state == "ok"
    assert "SSL_CERT_FILE cannot be used: " in told["secure"].why


def test_a_context_for_plain_http_believes_nobody() -> None:
    context = proxies.certificates("http")
    assert context.verify_mode == ssl.CERT_REQUIRED and not context.get_ca_certs()


def test_a_request_goes_through_the_proxy_that_is_named(monkeypatch, serve) -> None:
    between = serve(lambda _: ONE)
    monkeypatch.setenv("HTTP_PROXY", between.url)
    reading = ask([prometheus("http://metrics.example.com:9090")], [question()]).one
    assert reading.state == "ok" and between.asked


def test_a_proxy_that_does_not_answer_is_named_with_the_host(monkeypatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("http_proxy", f"http://user:Geheim9@127.0.0.1:{port}")
    reading = ask([prometheus("http://metrics.example.com:9090")], [question()]).one
    assert "could not connect to metrics.example.com:9090 through the proxy of http_proxy: " in reading.why
    assert "NO_PROXY" in reading.why and "Geheim9" not in reading.why


def test_a_client_of_no_use_is_an_error_in_words() -> None:
    with pytest.raises(SourceError, match="HTTP_PROXY cannot be used"):
        proxies.usable(Proxy("http://:0:", "HTTP_PROXY"))
