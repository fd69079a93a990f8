"""Pact: two consumers' pacts with one provider, which keeps all of them, and then breaks one."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

SCRIPT = """
import http.server, json, threading
from pathlib import Path
from pact import Pact, Verifier

pacts = Path("pacts")
for consumer, refunds in (("web", True), ("mobile", False)):
    pact = Pact(consumer, "payments").with_specification("V4")
    paid = pact.upon_receiving("a payment").given("an open order").with_request("POST", "/pay")
    paid.with_body({"order": 7}, "application/json").will_respond_with(200).with_body({"paid": True}, "application/json")
    if refunds:
        pact.upon_receiving("a refund").with_request("POST", "/refund").will_respond_with(204)
    pact.write_file(pacts, overwrite=True)


class Provider(http.server.BaseHTTPRequestHandler):
    keeps = True

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        status = 200 if self.path == "/pay" else 204 if Provider.keeps else 500
        body = b'{"paid": true}' if self.path == "/pay" else b""
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        elif status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
threading.Thread(target=server.serve_forever, daemon=True).start()


def verify(name, *files):
    verifier = Verifier("payments", host="127.0.0.1").add_transport(url=f"http://127.0.0.1:{server.server_port}")
    for file in files:
        verifier.add_source(file)
    try:
        verifier.verify()
    except RuntimeError:
        pass
    Path(name).write_text(json.dumps(verifier.results, indent=1))


verify("kept.json", pacts)
Provider.keeps = False
verify("broken.json", pacts)
verify("mobile.json", pacts / "mobile-payments.json")
server.shutdown()
"""


def make(work: Workshop) -> None:
    """The web shop expects a payment and a refund, the app a payment; the provider then answers a refund with 500."""
    work.write("run.py", SCRIPT)
    work.run("python", "run.py", env={"PACT_DO_NOT_TRACK": "true"})
    for name, known in (
        ("pacts/web-payments.json", "the web shop's pact: a payment, a refund"),
        ("pacts/mobile-payments.json", "the app's pact: a payment"),
        ("kept.json", "all three interactions are kept"),
        ("broken.json", "the refund is answered with 500, the payments are kept"),
        ("mobile.json", "only the app's pact was verified, and is kept"),
    ):
        work.keep(name, known)


TOOL = Tool(name="pact", make=make, python=["pact-python==4.2.0"])
