"""The same requests to two real servers: what differs is found, and a bad server costs only its own probe."""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import threading
from decimal import Decimal

import pytest
from tests.probes.asking import HIDE, probe, ran, source
from tests.sources.support import body

from workbench.definitions.shapes import StagingKind
from workbench.probes import answers, recordings
from workbench.probes.captured import Capture, Piece
from workbench.probes.hiding import is_fingerprint
from workbench.probes.json_shape import read_json, shape_of
from workbench.probes.kinds import KINDS
from workbench.probes.kinds.http import HttpProbe, HttpRequest, doubts
from workbench.probes.prober import Around
from workbench.sources.redact import Redactor

ORDER = {"id": 17, "total": 12.5, "coupon": None, "items": [{"sku": "A1", "price": 3}], "currency": "EUR"}
NOT_FOUND = {"error": {"code": "not_found", "message": "there is no such order"}}


def shop(**changed):
    """A shop's API; ``changed`` are answers in place of its own, by path."""

    def answer(asked):
        if asked.path in changed:
            found = changed[asked.path]
            return found(asked) if callable(found) else found
        if asked.path == "/api/orders/none":
            return body(NOT_FOUND, 404)
        return body(ORDER, **{"Cache-Control": "no-store"})

    return answer


REQUESTS = ["/api/orders/17", {"path": "/api/orders/none", "expect": 404, "key": "no such order"}]


def asked(serve, staging=None, production=None, requests=REQUESTS, common=None, **fields):
    """The probe's run against two servers."""
    one, other = serve(shop(**(staging or {}))), serve(shop(**(production or {})))
    asking = {"staging": "staging-api", "production": "production-api", "requests": requests, **fields}
    settings = common or {}
    wanted = probe("http", asking, **{k: v for k, v in settings.items() if k in ("ignore", "flows", "twice")})
    (found,) = ran(
        [wanted],
        sources=[source("staging-api", one.url), source("production-api", other.url)],
        **{k: v for k, v in settings.items() if k not in ("ignore", "flows", "twice")},
    )
    return found


def without(name):
    return {key: value for key, value in ORDER.items() if key != name}


def test_two_environments_that_answer_alike_pass(serve):
    found = asked(serve)
    assert (found.run.why, found.changes, found.run.state) == ("", (), "pass")
    assert found.run.compared > 10


@pytest.mark.parametrize(
    ("answer", "path", "staging", "production"),
    [
        (body(ORDER, 503), "api.orders.17/status", "503", "200"),
        (body(without("total")), "api.orders.17/body/total", None, "number"),
        (body(ORDER | {"total": "12.50"}), "api.orders.17/body/total", "string", "number"),
        (body(ORDER | {"extra": {"a": {"b": 1}}}), "api.orders.17/body/extra", "object", None),
        (body(ORDER | {"coupon": {"code": "X"}}), "api.orders.17/body/coupon", "object", "null"),
        (body(ORDER | {"items": []}), "api.orders.17/body/items", "empty list", "list"),
        (body(ORDER | {"items": [{"sku": "A1"}]}), "api.orders.17/body/items/*/price", None, "number"),
    ],
)
def test_one_planted_difference_is_one_change(serve, answer, path, staging, production):
    status, headers, data = answer
    found = asked(serve, {"/api/orders/17": (status, headers | {"Cache-Control": "no-store"}, data)})
    (change,) = found.changes
    assert (change.path, change.staging, change.production) == (path, staging, production)
    assert found.run.state == "fail"
    assert change.title


def test_error_payloads_are_compared_too(serve):
    found = asked(serve, {"/api/orders/none": body({"message": "not found"}, 404)})
    assert [change.path for change in found.changes] == [
        "no such order/body/error",
        "no such order/body/message",
    ]


def test_of_an_error_in_the_place_of_data_only_the_status_is_told(serve):
    (change,) = asked(
        serve, {"/api/orders/17": body({"error": {"code": "down"}}, 503, **{"Cache-Control": "no-store"})}
    ).changes
    assert change.path == "api.orders.17/status"


def test_a_header_that_staging_lacks_is_found_and_no_session_is_kept(serve):
    def with_cookie(value):
        return body(ORDER, **{"Set-Cookie": f"session={value}", "Cache-Control": "no-store"})

    found = asked(serve, {}, {"/api/orders/17": with_cookie("s3cr3t-session")})
    (change,) = found.changes
    assert (change.path, change.staging, change.production) == (
        "api.orders.17/header/set-cookie", None, "sent",
    )  # fmt: skip
    assert all(b"s3cr3t" not in blob.data for blob in found.blobs)


def test_values_are_compared_where_they_are_asked_for(serve):
    requests = [{"path": "/api/orders/17", "same": ["currency", "items/*/sku", "api_key"]}]
    found = asked(
        serve,
        {"/api/orders/17": body(ORDER | {"currency": "USD", "api_key": "one-key"})},
        {"/api/orders/17": body(ORDER | {"api_key": "another-key"})},
        requests,
    )
    key, currency = sorted(found.changes, key=lambda change: change.path)
    assert (currency.path, currency.staging, currency.production) == (
        "api.orders.17/value/currency", '"USD"', '"EUR"',
    )  # fmt: skip
    assert key.secret and is_fingerprint(key.staging or "") and is_fingerprint(key.production or "")
    assert all(b"one-key" not in blob.data for blob in found.blobs)


def test_what_differs_between_two_answers_of_production_is_noise(serve):
    count = iter(range(100))

    def wavering(_):
        return body(ORDER if next(count) % 2 else without("coupon"))

    found = asked(
        serve,
        {"/api/orders/17": body(ORDER)},
        {"/api/orders/17": wavering},
        ["/api/orders/17"],
        times=1,
    )
    assert found.run.noise == ("api.orders.17/body/coupon",)
    assert found.run.state == "pass"


def test_a_redirect_on_the_same_host_is_a_difference(serve):
    def moved(asked):
        return body(ORDER, **{"Cache-Control": "no-store"})

    found = asked(
        serve,
        {"/api/orders/17": (302, {"Location": "/api/orders/18"}, b""), "/api/orders/18": moved},
    )
    (change,) = found.changes
    assert (change.path, change.staging, change.production) == ("api.orders.17/redirects", "1", None)


def test_production_that_does_not_answer_as_it_should_measures_nothing(serve):
    found = asked(serve, {}, {"/api/orders/17": body({}, 503)})
    assert found.run.state == "error"
    assert "production answers 503 to /api/orders/17" in found.run.why
    gone = asked(serve, {"/x": body({}, 404)}, {"/x": body({}, 404)}, ["/x"])
    assert gone.run.state == "error" and "expect: 404" in gone.run.why


def test_staging_that_does_not_let_us_in_tells_nothing(serve):
    found = asked(serve, {"/api/orders/17": body({}, 401)})
    assert found.run.state == "error" and "staging does not let us in: it answers 401" in found.run.why
    both = {"/x": body({}, 401)}
    assert asked(serve, both, both, [{"path": "/x", "expect": 401}]).run.state == "pass"


# --- how long answers take ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("staging", "production", "apart"),
    [
        ((0.5, 0.5, 0.6), (0.1, 0.1, 0.2), True),
        ((0.05, 0.05, 0.05), (0.5, 0.5, 0.6), True),
        ((0.5, 0.1, 0.6), (0.1, 0.2, 0.5), False),  # chance: the ranges overlap
        ((0.11, 0.11, 0.11), (0.1, 0.1, 0.1), False),  # within 20 percent
        ((0.004, 0.004, 0.004), (0.001, 0.001, 0.001), False),  # less than 50 ms apart
    ],
)
def test_response_times_are_judged_by_chance(staging, production, apart):
    spans = [
        answers.read_span(answers.span_text([Decimal(str(one)) for one in times]))
        for times in (staging, production)
    ]
    found = answers.times_apart(spans[0], spans[1], Decimal("0.2"), Decimal("0.05"))
    assert (found is not None) is apart


def test_a_slow_staging_is_found_and_one_that_is_too_fast_too():
    config = {"staging": "a", "production": "b", "requests": ["/x"]}
    prober = KINDS["http"].load()(probe("http", config).config, probe("http", config))

    def took(*seconds):
        pieces = (
            Piece("/x", "application/json", b"{}", {"request": "x", "status": 200, "seconds": Decimal(one)})
            for one in seconds
        )
        return prober.read(Capture(tuple(pieces)), HIDE)

    (slow,) = prober.compare(took("0.9", "1.1", "1"), took("0.2", "0.25", "0.3"))
    assert (slow.path, slow.staging, slow.production, slow.gap) == (
        "x/time", "1 s (0.9 to 1.1)", "0.25 s (0.2 to 0.3)", 2,
    )  # fmt: skip
    assert slow.title == "/x takes longer in staging"
    (fast,) = prober.compare(took("0.04"), took("0.5", "0.6"))
    assert "hides timeouts and races" in fast.title
    assert prober.compare(took("0.2", "0.9"), took("0.3", "0.5")) == ()


@pytest.mark.parametrize(("ratio", "count"), [("1.5", 1), ("2", 1), ("3", 2), ("0.25", 2), ("0", 20)])
def test_the_gap_of_times_is_counted_in_doublings(ratio, count):
    assert answers.doublings(Decimal(ratio)) == count


# --- BM-4 ---------------------------------------------------------------------------------


def test_behavioural_parity_is_the_share_of_what_core_flows_answer_alike(serve):
    core = Around(core=frozenset({"checkout"}))
    requests = [{"path": "/api/orders/17", "flow": "checkout"}, {"path": "/other", "flow": "reports"}]
    staging = {"/other": body({}, 503)}
    (score,) = asked(serve, staging, {}, requests, {"around": core}).run.scores
    assert (score.key, score.value, score.of, score.limit) == ("behavioural_parity", 1, 2, Decimal("0.9"))
    broken = {"/api/orders/17": body({}, 500)}
    (score,) = asked(serve, broken, {}, requests, {"around": core}).run.scores
    assert score.value == Decimal("0.5") and score.words == "differs: /api/orders/17 (answer)"
    assert not score.met


def test_a_scaled_down_staging_may_differ_more_and_flows_of_the_probe_count(serve):
    around = Around(core=frozenset({"checkout"}), staging_kind=StagingKind.SCALED_DOWN)
    (score,) = asked(serve, common={"around": around, "flows": ["checkout"]}).run.scores
    assert (score.limit, score.of) == (Decimal("0.7"), 4)
    assert asked(serve, common={"flows": ["checkout"]}).run.scores == ()
    (own,) = asked(serve, common={"around": around, "flows": ["checkout"]}, parity=95).run.scores
    assert own.limit == Decimal("0.95")


# --- proof --------------------------------------------------------------------------------


def test_every_planted_difference_is_found(serve):
    proof = asked(serve, common={"proving": True}).proof
    assert proof is not None
    assert [plant.title for plant in proof.planted if not plant.found] == []
    assert proof.whole
    assert {
        "503",
        "slow-answer",
        "dropped-field",
        "other-type",
        "null-field",
        "lost-header",
        "cut-short",
    } <= {plant.key for plant in proof.planted}


@pytest.mark.parametrize(
    "document",
    [
        {"17": {"a": 1}, "18": {"a": 2}},
        [{"a": 1}, {"a": "x", "b": None}],
        [],
        {},
        7,
        "text",
        None,
        {"a/b": 1, "~c": [1, [2, {"d": True}]]},
        {"mixed": [1, "a", None, True, [1], {"x": 1}]},
        {"large": 10**40, "small": 1e-300},
    ],
)
def test_whatever_the_answer_looks_like_the_probe_can_be_proven(serve, document):
    answer = {"/x": body(document)}
    proof = asked(serve, answer, answer, ["/x"], {"proving": True}).proof
    assert proof is not None
    assert [plant.title for plant in proof.planted if not plant.found] == []
    assert proof.whole


def test_nothing_is_planted_where_the_probe_is_told_not_to_look(serve):
    proof = asked(serve, common={"proving": True, "ignore": ["*/time", "*/header/*"]}).proof
    assert proof is not None and proof.whole
    assert not {"slow-answer", "lost-header"} & {plant.key for plant in proof.planted}


# --- bad servers --------------------------------------------------------------------------


class Raw:
    """A server that writes what it is told, byte by byte, and may never end."""

    def __init__(self, write):
        outer = self
        self.stop = threading.Event()

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.recv(65_536)
                with contextlib.suppress(OSError):  # the client has gone, as it should
                    write(self.request, outer.stop)

        class Quiet(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self):
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def raw():
    servers = []

    def start(write):
        servers.append(Raw(write))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def streams(connection, stop):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while not stop.is_set():
        connection.sendall(b" " * 65_536)


def hangs(connection, stop):
    stop.wait(30)


def garbage(connection, stop):
    connection.sendall(b"\x00\xff\x1b[2J this is no HTTP\r\n\r\n")


def cut_short(connection, stop):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{}")


def elsewhere(connection, stop):
    connection.sendall(
        b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/x\r\nContent-Length: 0\r\n\r\n"
    )


def nowhere(connection, stop):
    connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://x\x1b[31m/\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("write", "why"),
    [
        (streams, "the answer is larger than 1 MB"),
        (hangs, "no complete answer within 0.2 s"),
        (garbage, "broke off"),
        (cut_short, "broke off"),
        (elsewhere, "another host (elsewhere.example)"),
        (nowhere, "Invalid"),
    ],
)
def test_a_bad_server_costs_its_own_probe_and_says_what_and_where(serve, raw, write, why):
    bad, good = raw(write), serve(shop())
    config = {"production": "good", "requests": ["/api/orders/17"], "times": 1}
    broken, whole = ran(
        [
            probe("http", {"staging": "bad", **config}, key="broken"),
            probe("http", {"staging": "good", **config}, key="whole"),
        ],
        sources=[
            source("bad", bad.url, timeout="0.2s" if write is hangs else "10s", max_answer="1 MB"),
            source("good", good.url),
        ],
    )
    assert broken.run.state == "error"
    assert why in broken.run.why and "\x1b" not in broken.run.why
    assert broken.run.why.startswith("staging: ") and f"GET {bad.url}/api/orders/17" in broken.run.why
    assert whole.run.state == "pass"


def test_nobody_at_an_address(serve):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    config = {"staging": "gone", "production": "good", "requests": ["/"]}
    (found,) = ran([probe("http", config)], sources=[source("gone", url), source("good", serve(shop()).url)])
    assert found.run.state == "error" and "could not connect" in found.run.why


def test_an_answer_that_is_garbled_or_steers_a_terminal_is_a_difference_in_plain_text(serve):
    esc = {"total\x1b[2J": 1, "\u202eright": 2}
    found = asked(
        serve,
        {"/x": (200, {"Content-Type": "application/json"}, b'{"a": \x1b')},
        {"/x": body({"a": 1})},
        ["/x"],
    )
    (change,) = found.changes
    assert (change.staging or "").startswith("not JSON") and change.production == "object"
    named = asked(serve, {"/x": body(esc)}, {"/x": body({})}, ["/x"])
    shown = json.dumps([change.path + change.title for change in named.changes], ensure_ascii=False)
    assert "\x1b" not in shown and "\u202e" not in shown
    both = (200, {"Content-Type": "application/json"}, b"{oops")
    assert "says that it is JSON" in asked(serve, {"/x": both}, {"/x": both}, ["/x"]).run.why


def test_json_is_known_by_what_it_holds_too(serve):
    plain = {"Content-Type": "text/plain"}
    found = asked(
        serve, {"/x": (200, plain, b'\xef\xbb\xbf{"a": 1e999}')}, {"/x": (200, plain, b'{"a": "1"}')}, ["/x"]
    )
    assert [(change.path, change.staging, change.production) for change in found.changes] == [
        ("x/body/a", "number", "string")
    ]
    text = asked(serve, {"/x": (200, plain, b"{one")}, {"/x": (200, plain, b"{two")}, ["/x"])
    assert text.run.state == "pass"


def test_an_answer_that_is_nested_without_end(serve):
    deep = (200, {"Content-Type": "application/json"}, b"[" * 100_000 + b"]" * 100_000)
    found = asked(serve, {"/x": deep}, {"/x": body([])}, ["/x"])
    assert found.run.state == "error" and "nested too deep" in found.run.why


# --- shapes, and what is asked ------------------------------------------------------------


def test_shapes():
    assert shape_of([{"a": [1, None], "b": []}, {"a": ["x"]}]) == {
        (): "object",
        ("a",): "list",
        ("a", "*"): "number or string or null",
        ("b",): "empty list, sometimes missing",
    }
    assert shape_of([{"17": {"n": 1}, "99": {"n": 2}}]) == {
        (): "object",
        ("*",): "object",
        ("*", "n"): "number",
    }
    assert read_json(b'{"a": 1}')[0] == {"a": 1}


def test_several_answers_to_one_request_are_told_together():
    pieces = [
        Piece("x", "application/json", data, {"status": status, "seconds": Decimal("0.1")})
        for data, status in ((b'{"a": 1}', 200), (b'{"a": null}', 200), (b"oops", 503))
    ]
    texts = {path: one.text for path, one in answers.parameters_of("x", pieces, HIDE).items()}
    assert texts["x/status"] == "200 or 503"
    assert texts["x/body/a"] == "number or null"
    assert texts["x/body"].startswith("not JSON") and texts["x/body"].endswith("or object")


def test_a_request_that_may_write_has_to_say_why_it_is_harmless(serve):
    class Project:
        sources = (source("a", "http://a.example"),)

    config = HttpProbe(
        staging="a",
        production="a",
        requests=[
            HttpRequest(path="/search", method="POST"),
            "no-slash",
            HttpRequest(path="/x"),
            "/x",
            HttpRequest(path="/y", headers={"X-Key": "${KEY}"}),
        ],
    )
    said = [doubt.what for doubt in doubts(config, Project())]
    assert said == [
        "POST /search may write, and it is sent to production, too",
        "the path “no-slash” has to begin with /",
        "two requests are called /x",
        "a header of /y names a variable, which is filled in only in those of a source",
    ]
    found = asked(serve, requests=[{"path": "/search", "method": "POST", "body": "{}"}])
    assert found.run.state == "error" and "does not say why that is harmless" in found.run.why
    good = asked(
        serve,
        requests=[{"path": "/search", "method": "POST", "body": '{"q": 1}', "harmless": "it only searches"}],
    )
    assert good.run.state == "pass"


def test_a_request_is_called_without_the_token_in_its_path():
    request = HttpRequest(path="/orders?token=abc123&page=2")
    assert (request.name, request.shown) == ("orders?token&page=2", "/orders?token&page=2")
    assert HttpRequest(path="/orders?page=2").name == "orders?page=2"


def test_what_a_recording_of_an_answer_must_be_without_is_remembered():
    hide = HIDE.again()
    document = {
        "user": {"password": "hunter22", "name": "kim"},
        "errors": {"password": "required", "token": "must be longer"},
        "settings": "DB_PASSWORD=hunter33",
        "api_key": "hunter44",
    }
    facts = {"status": 200, "header/x-api-key": "hunter55", "header/server": "nginx"}
    piece = Piece("orders?token=hunter66", "application/json", json.dumps(document).encode(), facts)
    found = answers.parameters_of("a", [piece], hide, [("user", "password"), ("user", "name"), ("settings",)])
    secret = {path for path, one in found.items() if one.secret}
    assert secret == {"a/header/x-api-key", "a/value/user/password", "a/value/settings"}
    assert all(is_fingerprint(found[path].text) for path in secret)
    assert found["a/value/user/name"].text == '"kim"'

    (kept,) = recordings.without_secrets(Capture((piece,)), hide.hidden, Redactor(())).pieces
    assert "hunter" not in f"{kept.name} {kept.data!r} {kept.facts}"
    again = answers.parameters_of("a", [kept], hide, [("user", "password"), ("user", "name"), ("settings",)])
    assert again == found
