"""The web shop's pipeline, answering like GitHub's REST API.

There is no such repository, so this script stands in for the real server while recordings are
made.  It listens on 127.0.0.1 only and answers the endpoints that list workflow runs and jobs,
with the fields and headers of the published contract (API version 2022-11-28).

    github.py --port 9180
"""

from __future__ import annotations

import argparse
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "example-org/web-shop"
BASE = "http://127.0.0.1:9180"  # of all links, whatever port is listened on
WORKFLOW = {"id": 41, "name": "CI", "path": ".github/workflows/ci.yml"}
JOBS = ("build", "unit tests", "contract tests", "load test")

REPOSITORY_LINKS = (  # noqa: SIM905 (forty names read better as text)
    "archive assignees blobs branches collaborators comments commits compare contents contributors deployments "
    "downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels "
    "languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags "
    "teams trees"
).split()
OWNER_LINKS = (  # noqa: SIM905
    "events followers following gists organizations received_events repos starred subscriptions avatar"
).split()

# number, commit, branch, started, finished, day, attempt
RUNS = (
    (
        7351,
        "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72",
        "release/2.14",
        "07:38:12",
        "07:56:40",
        "2026-09-15",
        1,
    ),
    (
        7342,
        "a1b2c3d94e8f70615243b4251f6a7b8c9d0e1f2a",
        "release/2.14",
        "07:31:05",
        "07:50:22",
        "2026-09-14",
        2,
    ),
    (
        7301,
        "5b8e2f7ac01d94e3b7682f1a0c5d9e84f3176b2a",
        "release/2.14",
        "13:05:31",
        "13:23:02",
        "2026-09-11",
        1,
    ),
)


def repository() -> dict[str, Any]:
    """The repository with the fields that the contract asks for; its links lead nowhere."""
    owner, name = REPOSITORY.split("/")
    url, home = f"{BASE}/repos/{REPOSITORY}", f"{BASE}/users/{owner}"
    return {
        "id": 4001,
        "node_id": "R_4001",
        "name": name,
        "full_name": REPOSITORY,
        "owner": {
            "login": owner,
            "id": 400,
            "node_id": "O_400",
            "gravatar_id": "",
            "url": home,
            "html_url": f"{BASE}/{owner}",
            "type": "Organization",
            "site_admin": False,
            **{f"{link}_url": f"{home}/{link}" for link in OWNER_LINKS},
        },
        "private": True,
        "html_url": f"{BASE}/{REPOSITORY}",
        "description": "The web shop",
        "fork": False,
        "url": url,
        **{f"{link}_url": f"{url}/{link.replace('_', '/')}" for link in REPOSITORY_LINKS},
    }


def run(row: tuple[int, str, str, str, str, str, int]) -> dict[str, Any]:
    """One workflow run with the fields that the contract asks for."""
    number, commit, branch, started, finished, day, attempt = row
    url = f"{BASE}/repos/{REPOSITORY}/actions/runs/{number}"
    jo = {"name": "Jo", "email": "jo@shop.example"}
    return {
        "id": number,
        "name": WORKFLOW["name"],
        "node_id": f"WFR_{number}",
        "head_branch": branch,
        "head_sha": commit,
        "path": WORKFLOW["path"],
        "display_title": "Release 2.14.0",
        "run_number": number - 7000,
        "run_attempt": attempt,
        "event": "push",
        "status": "completed",
        "conclusion": "success",
        "workflow_id": WORKFLOW["id"],
        "check_suite_id": number * 10,
        "url": url,
        "html_url": f"{BASE}/{REPOSITORY}/actions/runs/{number}",
        "pull_requests": [],
        "created_at": f"{day}T{started}Z",
        "updated_at": f"{day}T{finished}Z",
        "run_started_at": f"{day}T{started}Z",
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": f"{BASE}/repos/{REPOSITORY}/check-suites/{number * 10}",
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "workflow_url": f"{BASE}/repos/{REPOSITORY}/actions/workflows/{WORKFLOW['id']}",
        "head_commit": {
            "id": commit,
            "tree_id": commit[::-1],
            "message": "Release 2.14.0",
            "timestamp": f"{day}T{started}Z",
            "author": jo,
            "committer": jo,
        },
        "repository": repository(),
        "head_repository": repository(),
    }


def jobs(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The jobs of a run, one after the other."""
    return [
        {
            "id": found["id"] * 100 + i,
            "run_id": found["id"],
            "run_url": found["url"],
            "run_attempt": found["run_attempt"],
            "node_id": f"JOB_{found['id']}_{i}",
            "head_sha": found["head_sha"],
            "url": f"{found['url']}/jobs/{i}",
            "html_url": f"{found['html_url']}/job/{i}",
            "status": "completed",
            "conclusion": "success",
            "created_at": found["created_at"],
            "started_at": found["run_started_at"],
            "completed_at": found["updated_at"],
            "name": name,
            "steps": [],
            "labels": ["linux"],
            "runner_id": 1,
            "runner_name": "runner-1",
            "runner_group_id": 1,
            "runner_group_name": "Default",
            "check_run_url": f"{found['url']}/check/{i}",
            "workflow_name": found["name"],
            "head_branch": found["head_branch"],
        }
        for i, name in enumerate(JOBS, start=1)
    ]


def answer(path: str, query: dict[str, list[str]]) -> dict[str, Any] | None:
    """The body for a path below the API's root, or ``None`` where GitHub would say 404."""
    prefix = f"/repos/{REPOSITORY}/actions"
    runs = [run(row) for row in RUNS]
    if path in (
        f"{prefix}/runs",
        f"{prefix}/workflows/ci.yml/runs",
        f"{prefix}/workflows/{WORKFLOW['id']}/runs",
    ):
        kept = [item for item in runs if _fits(item, query)]
        size = int(query.get("per_page", ["30"])[0])
        page = int(query.get("page", ["1"])[0])
        return {"total_count": len(kept), "workflow_runs": kept[(page - 1) * size : page * size]}
    for found in runs:
        if path == f"{prefix}/runs/{found['id']}":
            return found
        if path.startswith(f"{prefix}/runs/{found['id']}/") and path.endswith("/jobs"):
            return {"total_count": len(JOBS), "jobs": jobs(found)}
    return None


def _fits(found: dict[str, Any], query: dict[str, list[str]]) -> bool:
    wanted = {"head_sha": "head_sha", "branch": "head_branch", "event": "event"}
    if any(query[name][0] != found[field] for name, field in wanted.items() if name in query):
        return False
    if "status" in query and query["status"][0] not in (found["status"], found["conclusion"]):
        return False
    return "created" not in query or _within(found["created_at"], query["created"][0])


def _within(created: str, asked: str) -> bool:
    first, dots, last = asked.partition("..")
    if dots:
        return (first == "*" or created >= first) and (last == "*" or created[: len(last)] <= last)
    for sign in (">=", "<=", ">", "<"):
        if asked.startswith(sign):
            at = asked[len(sign) :]
            same = created[: len(at)] == at
            return (same and "=" in sign) or (created > at if ">" in sign else created < at)
    return created.startswith(asked)


class GitHub(BaseHTTPRequestHandler):
    """Answers GET requests; quiet on the terminal."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        found = answer(asked.path, parse_qs(asked.query))
        body = found if found is not None else {"message": "Not Found", "status": "404"}
        data = json.dumps(body, indent=1).encode()
        self.send_response(200 if found is not None else 404)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-GitHub-Api-Version-Selected", "2022-11-28")
        self.send_header("X-RateLimit-Limit", "60")
        self.send_header("X-RateLimit-Remaining", "59")
        self.send_header("X-RateLimit-Used", "1")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the recorder's own lines are enough."""


def main() -> None:
    """Serve until interrupted."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--port", type=int, default=9180)
    HTTPServer(("127.0.0.1", options.parse_args().port), GitHub).serve_forever()


if __name__ == "__main__":
    main()
