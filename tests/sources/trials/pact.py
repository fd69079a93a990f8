"""Trials of results of Pact's verifier, and of the pacts that it had to verify."""

import json
from typing import Any

from tests.sources.generated import GENERATED
from tests.sources.trials.frame import FileCase, FileTrials

_PACTS = {f"pacts/{name}.json": (GENERATED / "pact" / "pacts" / f"{name}.json").read_bytes()
          for name in ("web-payments", "mobile-payments")}  # fmt: skip
_RIGHT = (GENERATED / "pact" / "broken.json").read_bytes()


def _results(*results: dict[str, Any], result: bool = True) -> bytes:
    return json.dumps({"result": result, "errors": [], "interactionResults": results, "notices": []}).encode()


def _one(description: str, result: str = "OK", **more: Any) -> dict[str, Any]:
    return {"consumer": "web", "provider": "payments", "description": description, "result": result, **more}


def _case(content: bytes, state: str, *words: str, of: str = "pacts-hold") -> FileCase:
    return FileCase(content, state, words, of=of)  # type: ignore[arg-type]


TRIALS = FileTrials(
    file="reports/pact/results.json",
    beside=_PACTS,
    right=_RIGHT,
    expects={"pacts-hold": "66.66666666666666", "web-failures": "1"},
    empty=_case(_results(), "missing", "no result names it"),
    cut_off=_case(_RIGHT[:-20], "error", "results.json"),
    another=_case(json.dumps({"result": True, "errors": [], "output": []}).encode(), "error", "interactionResults"),
    bomb=FileCase(lambda path: path.write_text('{"result": ' + '{"a":' * 200_000), "error", ("results.json",)),
    hostile=_case(_results(_one("\x1b[31m[red]../../x", "Error"), result=False), "missing", "../../x"),
    more={
        "only the app's pact was verified": _case(
            (GENERATED / "pact" / "mobile.json").read_bytes(), "missing", "could not be evaluated", "a refund"
        ),
        "a failure that is pending": _case(
            (GENERATED / "pact" / "kept.json").read_bytes().replace(
                b'"pending": false,\n   "provider": "payments",\n   "providerStates": [],\n   "result": "OK"',
                b'"pending": true,\n   "provider": "payments",\n   "providerStates": [],\n   "result": "Error"',
            ),
            "missing", "pending", of="web-failures",
        ),
        "a contradiction": _case(
            _results(_one("a refund", "Error"), result=True), "missing", "says that it passed", of="web-failures"
        ),
    },
)  # fmt: skip
