"""A server that answers as GitHub does, checked against GitHub's published contract where that is at hand.

The contract (npm ``@octokit/openapi``) is looked for where ``WORKBENCH_CONTRACT`` says, then in ``.cache/contract``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import msgspec

RUNS = "/repos/{owner}/{repo}/actions/runs"
WORKFLOW_RUNS = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs"
JOBS = "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs"
JOB = "/repos/{owner}/{repo}/actions/jobs/{job_id}"
APPROVALS = "/repos/{owner}/{repo}/actions/runs/{run_id}/approvals"
CHECKS = "/repos/{owner}/{repo}/commits/{ref}/check-runs"
STATUS = "/repos/{owner}/{repo}/commits/{ref}/status"
DEPLOYMENTS = "/repos/{owner}/{repo}/deployments"
DEPLOYMENT_STATUSES = "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses"
ANALYSES = "/repos/{owner}/{repo}/code-scanning/analyses"
SCANNING_ALERTS = "/repos/{owner}/{repo}/code-scanning/alerts"
DEPENDENCY_ALERTS = "/repos/{owner}/{repo}/dependabot/alerts"
REPOSITORY = "/repos/{owner}/{repo}"
PATHS = (
    RUNS, WORKFLOW_RUNS, JOBS, JOB, APPROVALS, CHECKS, STATUS, DEPLOYMENTS, DEPLOYMENT_STATUSES,
    ANALYSES, SCANNING_ALERTS, DEPENDENCY_ALERTS, REPOSITORY,
)  # fmt: skip
_FILE = Path("node_modules/@octokit/openapi/generated/api.github.com.deref.json")


@cache
def load_contract() -> dict[str, Any] | None:
    """The contract, or ``None`` where it is not at hand."""
    named = os.environ.get("WORKBENCH_CONTRACT")
    places = [Path(named), Path(named) / _FILE] if named else []
    places.append(Path(__file__).parents[1] / ".cache/contract" / _FILE)
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        return None
    loaded: dict[str, Any] = json.loads(file.read_bytes())
    return loaded


def operation(contract: dict[str, Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = contract["paths"][path]["get"]
    return found


def template_of(asked: str) -> str:
    """The path of the contract that a request means, whichever repository it is about."""
    for template in PATHS:
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), asked):
            return template
    raise LookupError(f"{asked} is no path that is known here")


def content(contract: dict[str, Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = operation(contract, path)["responses"]["200"]["content"]["application/json"]
    return found


def example(contract: dict[str, Any], path: str) -> Any:
    """The contract's own example, as a copy that a test may change."""
    first = next(iter(content(contract, path)["examples"].values()))
    return json.loads(json.dumps(first["value"]))


def validate(contract: dict[str, Any], path: str, answer: Any) -> None:
    _validator(path).validate(answer)


def unpromised(contract: dict[str, Any], path: str, shape: type[msgspec.Struct], *inside: str) -> set[str]:
    """What a shape needs of an answer, or of what lies ``inside`` it, and GitHub does not promise to send."""
    schema = content(contract, path)["schema"]
    for step in ("", *inside):
        schema = schema["properties"][step] if step else schema
        schema = schema.get("items", schema)
    fields = msgspec.structs.fields(shape)
    needed = {field.encode_name for field in fields if field.required}
    return needed - set(schema.get("required", ())) | needed - set(schema["properties"])


@cache
def _validator(path: str) -> jsonschema.Draft202012Validator:
    contract = load_contract()
    assert contract is not None
    return jsonschema.Draft202012Validator(_draft(content(contract, path)["schema"]))


def _draft(schema: Any) -> Any:
    """OpenAPI 3.0 says ``nullable`` where JSON Schema adds the type null."""
    if isinstance(schema, list):
        return [_draft(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    drafted = {key: _draft(part) for key, part in schema.items() if key not in ("nullable", "example")}
    return {"anyOf": [drafted, {"type": "null"}]} if schema.get("nullable") is True else drafted


Answers = Callable[[str, dict[str, str]], Any]


class Mock:
    """Serves answers for the paths that are known here, and notes what the contract does not know.

    ``answers`` is given the path as it was asked for and its parameters; a tuple adds the header ``Link``.
    """

    def __init__(self, contract: dict[str, Any] | None, answers: Answers) -> None:
        self.problems: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                params = dict(parse_qsl(parts.query))
                answer = answers(parts.path, params)
                answer, link = answer if isinstance(answer, tuple) else (answer, "")
                if contract is not None:
                    outer.look(contract, template_of(parts.path), params, answer)
                data = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                if link:
                    self.send_header("Link", link)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def look(self, contract: dict[str, Any], path: str, params: dict[str, str], answer: Any) -> None:
        """Note parameters that GitHub does not take, and answers that it would not give."""
        known = {
            parameter["name"]: parameter.get("schema", {})
            for parameter in operation(contract, path).get("parameters", ())
            if parameter["in"] == "query"
        }
        for name, value in params.items():
            if name not in known:
                self.problems.append(f"{path} takes no {name}")
            elif value not in known[name].get("enum", [value]):
                self.problems.append(f"{name}={value} is not allowed")
        try:
            validate(contract, path, answer)
        except jsonschema.ValidationError as error:
            self.problems.append(f"{path} never answers so: {error.message[:200]}")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
