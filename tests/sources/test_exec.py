"""A source of kind exec: a program whose exit code and words are read as Monitoring Plugins mean them, or our JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.sources.generated import GENERATED
from tests.sources.support import AT, Fetched, ask

from workbench.definitions.trust import TrustStore, trust_request
from workbench.model.errors import SourceError
from workbench.model.floats import from_bytes
from workbench.model.kinds import Asked, Place
from workbench.sources.exec import ExecConfig, ExecMeasure, question_doubts
from workbench.sources.exec.plugin import Figure, read_plugin
from workbench.sources.reading import Question, Reading, SourceSpec
from workbench.sources.secrets import Secrets
from workbench.usecases import excerpts, fetching
from workbench.usecases.evaluate import evaluate

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs programs of a POSIX system")
COMMIT = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"
PLUGIN = "ORDERS WARNING - they wait | 'orders waiting'=12;10;20;0 oldest=0.25s;5;9 size=3KB sent=7c load=U plain=4"
RIGHT: dict[str, Any] = {
    "schema": "workbench.measurements.1",
    "measurements": [
        {"name": "oldest", "value": "15", "unit": "s", "at": "2026-11-20T11:00:00Z"},
        {"name": "latency", "samples": [0.1, 0.2, 0.3], "unit": "s", "selection": "10 % of requests"},
        {"name": "lost", "value": None},
        {"name": "half", "value": 1, "partial": "one of two queues"},
        {"name": "broken", "error": "no queue"},
    ],
}


def asked(
    folder: Path,
    command: list[str],
    *measures: dict[str, Any],
    unit: str = "",
    allow: bool = True,
    environ: dict[str, str] | None = None,
    replay: Path | None = None,
    record_to: Path | None = None,
    **config: Any,
) -> tuple[Reading, ...]:
    """The answers of one source that runs this."""
    source = SourceSpec("check", "exec", ExecConfig(command=command, **config))
    questions = [
        Question(
            subject=f"b{number}",
            source="check",
            at=AT,
            ask=ExecMeasure(**measure),
            unit=unit,
            commit=COMMIT,
            environment="staging",
        )
        for number, measure in enumerate(measures)
    ]
    more = {"replay": replay} if replay else {"record_to": record_to} if record_to else {}
    found: Fetched = ask(
        [source], questions, root=folder, secrets=Secrets(allow=allow, environ=environ or {}), **more
    )  # type: ignore[arg-type]
    return tuple(sorted(found.readings, key=lambda reading: reading.subject))


def plugin(folder: Path, text: str, code: int = 0, unit: str = "", **measure: Any) -> Reading:
    """What is read of a plugin that prints this."""
    (folder / "said").write_text(text)
    return asked(folder, ["sh", "-c", f"cat said; exit {code}"], measure, unit=unit)[0]


def document(folder: Path, told: Any, unit: str = "", code: int = 0, **measure: Any) -> Reading:
    """What is read of a program that prints this JSON."""
    (folder / "said").write_text(told if isinstance(told, str) else json.dumps(told))
    return asked(folder, ["sh", "-c", f"cat said; exit {code}"], measure, unit=unit, prints="json")[0]


def changed(**fields: Any) -> dict[str, Any]:
    """The right document with other fields of its first measurement, or of its own."""
    made: dict[str, Any] = json.loads(json.dumps(RIGHT))
    own = {key: value for key, value in fields.items() if key in ("schema", "commit", "more")}
    made |= own
    made["measurements"][0] |= {key: value for key, value in fields.items() if key not in own}
    return made


# --- Monitoring Plugins


@pytest.mark.parametrize(
    ("code", "state", "value"),
    [(0, "ok", 0), (1, "ok", 1), (2, "ok", 2), (3, "error", None), (4, "error", None), (127, "error", None)],
)
def test_the_exit_code_is_the_state_and_unknown_is_an_error(
    tmp_path: Path, code: int, state: str, value: int | None
) -> None:
    text = PLUGIN.replace("WARNING", "OK") if code == 0 else PLUGIN
    reading = plugin(tmp_path, text, code)
    assert (reading.state, reading.value) == (state, value)
    said = reading.why or str(reading.facts["said"])
    assert f"ORDERS {'OK' if code == 0 else 'WARNING'} - they wait" in said


@pytest.mark.parametrize("text", ["ORDERS CRITICAL - they wait", "UNKNOWN: no connection", "WARNING"])
def test_a_line_that_names_a_worse_state_than_the_exit_code_is_an_error(tmp_path: Path, text: str) -> None:
    reading = plugin(tmp_path, text, 0)
    assert reading.state == "error" and "lose its exit code" in reading.why


def test_a_line_that_names_several_states_leaves_it_to_the_exit_code(tmp_path: Path) -> None:
    assert plugin(tmp_path, "OK - nothing is CRITICAL", 0).value == 0


@pytest.mark.parametrize("more", [{}, {"label": "a"}])
def test_a_program_that_prints_nothing_measured_nothing(tmp_path: Path, more: dict[str, str]) -> None:
    for text in ("", " \n"):
        reading = plugin(tmp_path, text, 0, **more)
        assert reading.state == "missing" and "printed nothing" in reading.why


@pytest.mark.parametrize(
    ("label", "unit", "value", "shown"),
    [
        ("orders waiting", "", "12", ""),
        ("oldest", "ms", "250", "ms"),
        ("oldest", "", "0.25", "s"),
        ("size", "B", "3000", "B"),
        ("sent", "", "7", ""),
        ("plain", "s", "4", "s"),
    ],
)
def test_a_label_is_a_number_in_its_unit(
    tmp_path: Path, label: str, unit: str, value: str, shown: str
) -> None:
    reading = plugin(tmp_path, PLUGIN, 1, unit, label=label)
    assert (reading.state, reading.value, reading.unit) == ("ok", Decimal(value), shown)
    assert reading.facts["state"] == "WARNING"


@pytest.mark.parametrize(
    ("label", "words"), [("load", "no value for"), ("lode", "did you mean load?"), ("x", "there is")]
)
def test_a_label_without_a_value_is_missing(tmp_path: Path, label: str, words: str) -> None:
    reading = plugin(tmp_path, PLUGIN, 2, label=label)
    assert (reading.state, words in reading.why, "CRITICAL" in reading.why) == ("missing", True, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("a=1,5", "decimals"),
        ("a=1 a=2", "twice"),
        ("a=1parsec", "no unit of a plugin"),
        ("a", "cannot be read"),
        ("'a=1", "cannot be read"),
        ("a=one", "no number"),
        ("a=1.2.3", ""),
    ],
)
def test_performance_data_that_cannot_be_read_is_an_error(tmp_path: Path, data: str, words: str) -> None:
    reading = plugin(tmp_path, f"OK | {data}", label="a")
    assert (reading.state, words in reading.why) == ("error", True), reading.why


def test_performance_data_may_stand_on_several_lines() -> None:
    printed = read_plugin("DISK OK | a=1\nlong text\nmore text | b=2\nc=3 'it''s'=4%;80;90\n")
    assert printed.text == "DISK OK"
    assert {label: figure.value for label, figure in printed.figures.items()} == {
        "a": 1,
        "b": 2,
        "c": 3,
        "it's": 4,
    }
    assert printed.figures["it's"] == Figure(value=Decimal(4), unit="%", warning="80", critical="90")


@pytest.mark.parametrize("text", ["", "\n", "OK", "OK |", "OK | "])
def test_a_plugin_without_performance_data_has_none(text: str) -> None:
    assert read_plugin(text).figures == {}


def test_what_real_plugins_print_is_read() -> None:
    def told(name: str) -> Any:
        return read_plugin((GENERATED / "monitoring_plugins" / name).read_text())

    assert told("ok.txt").figures["load"] == Figure(
        value=Decimal("2.5"), unit=None, warning="5", critical="9"
    )
    assert told("critical.txt").figures == told("unknown.txt").figures == {}
    assert told("disk.txt").figures["/"].unit == "B"
    assert told("mplugin.txt").figures["orders waiting"].value == 12
    assert told("mplugin.txt").figures["oldest"] == Figure(
        value=Decimal("0.25"), unit="s", warning="0", critical=""
    )


# --- our JSON


def test_a_document_tells_values_samples_and_moments(tmp_path: Path) -> None:
    oldest = document(tmp_path, RIGHT, "min", label="oldest")
    assert (oldest.value, oldest.unit, oldest.measured_at) == (
        Decimal("0.25"),
        "min",
        datetime(2026, 11, 20, 11, tzinfo=UTC),
    )
    latency = document(tmp_path, RIGHT, "ms", label="latency", statistic="max")
    assert (latency.value, list(from_bytes(latency.data or b""))) == (300, [100, 200, 300])
    assert latency.facts["selection"] == "10 % of requests"
    assert document(tmp_path, RIGHT, label="half").partial == "one of two queues"
    assert document(tmp_path, changed(commit=COMMIT), label="oldest").state == "ok"


@pytest.mark.parametrize(
    ("told", "measure", "state", "words"),
    [
        (RIGHT, {"label": "lost"}, "missing", "no value"),
        (RIGHT, {"label": "oldst"}, "missing", "did you mean oldest?"),
        (RIGHT, {"label": "broken"}, "error", "no queue"),
        (RIGHT, {}, "error", "names nothing"),
        (RIGHT, {"label": "latency"}, "error", "p95, mean"),
        (RIGHT, {"label": "oldest", "statistic": "p95"}, "error", "not samples"),
        (changed(commit="f" * 40), {"label": "oldest"}, "missing", "of commit fffffff"),
        (
            changed(schema="workbench.measurements.2"),
            {"label": "oldest"},
            "error",
            "workbench.measurements.1 is what can be read",
        ),
        (changed(more=1), {"label": "oldest"}, "error", "more"),
        (changed(value="1,5"), {"label": "oldest"}, "error", "decimals"),
        (changed(value=True), {"label": "oldest"}, "error", "oldest"),
        (changed(unit="parsec"), {"label": "oldest"}, "error", "parsec"),
        (changed(at="yesterday"), {"label": "oldest"}, "error", "no moment"),
        (changed(at="2027-01-01T00:00:00Z"), {"label": "oldest"}, "error", "clock"),
        (changed(at=12), {"label": "oldest"}, "error", "no moment"),
        (changed(name="latency"), {"label": "latency"}, "error", "twice"),
        (changed(samples=[1.0]), {"label": "oldest", "statistic": "mean"}, "error", "a value and samples"),
        (changed(value=None, samples=[]), {"label": "oldest", "statistic": "mean"}, "missing", "no samples"),
        ('{"schema":' + "[" * 100_000, {"label": "oldest"}, "error", ""),
        (json.dumps(RIGHT)[:-5], {"label": "oldest"}, "error", "is no workbench.measurements.1"),
        ("", {"label": "oldest"}, "error", "is no workbench.measurements.1"),
        ("NaN", {"label": "oldest"}, "error", "is no workbench.measurements.1"),
    ],
)
def test_a_document_that_lacks_something_is_never_taken_for_a_number(
    tmp_path: Path, told: Any, measure: dict[str, Any], state: str, words: str
) -> None:
    reading = document(tmp_path, told, **measure)
    assert (reading.state, reading.value) == (state, None)
    assert words in reading.why


def test_a_document_of_a_program_that_failed_does_not_count(tmp_path: Path) -> None:
    reading = document(tmp_path, RIGHT, code=1, label="oldest")
    assert (reading.state, "exit code 1" in reading.why) == ("error", True)


# --- running it


def test_the_program_is_run_once_and_is_handed_its_environment_as_it_stands(tmp_path: Path) -> None:
    command = ["sh", "-c", 'echo x >> ran; echo "OK $1 | a=1 b=2"', "check", "$environment; rm -rf *"]
    first, second = asked(tmp_path, command, {"label": "a"}, {"label": "b"})
    assert (first.value, second.value) == (1, 2)
    assert first.facts["said"] == "OK staging; rm -rf *"
    assert (tmp_path / "ran").read_text() == "x\n"


def test_without_trust_nothing_is_run(tmp_path: Path) -> None:
    (reading,) = asked(tmp_path, ["sh", "-c", "touch ran"], {}, allow=False)
    assert (reading.state, "not trusted to run" in reading.why) == ("error", True)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["sleep", "300"], "did not finish within 0.2 s"),
        (["yes"], "more than 8 MB"),
        (["no-such-program"], "could not be run"),
        (["sh", "-c", "kill -9 $$$$"], "exit code -9"),
    ],
)
def test_a_program_that_does_not_end_well_is_an_error(tmp_path: Path, command: list[str], words: str) -> None:
    (reading,) = asked(tmp_path, command, {}, timeout="0.2s" if "sleep" in command else "20s")
    assert (reading.state, words in reading.why) == ("error", True), reading.why


def test_hostile_words_reach_nobody_as_control_codes(tmp_path: Path) -> None:
    reading = plugin(tmp_path, "\x1b[31m[red]../../x\x07 | a=1", label="a")
    assert (reading.state, reading.value) == ("ok", 1)
    assert "\x1b" not in str(reading.facts)


def test_an_answer_is_recorded_and_replayed_without_running_anything(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo 'OK | a=5'; exit 1"]
    (live,) = asked(tmp_path, command, {"label": "a"}, record_to=tmp_path / "kept")
    (again,) = asked(tmp_path, command, {"label": "a"}, replay=tmp_path / "kept", allow=False)
    assert (live.value, again.value, again.mark, again.facts["state"]) == (5, 5, "replayed", "WARNING")


TOKEN = "Zq7+tok~en-8431xyz"


def test_a_secret_that_the_program_prints_is_found_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERS_TOKEN", TOKEN)
    text = (
        build.HEAD
        + build.PEOPLE
        + """
sources:
  - {key: check, kind: exec, command: [sh, -c, 'echo "OK $$ORDERS_TOKEN | a=1"'], secrets: [ORDERS_TOKEN]}
benchmarks:
  - {key: a, title: A, flow: checkout, pass: <= 5, measure: {source: check, label: a}}
"""
    )
    with build.shop(tmp_path / "shop", text) as context:
        request = trust_request(context.definitions)
        assert "ORDERS_TOKEN" in request.variables and any("sh -c" in command for command in request.commands)
        TrustStore(context.data_folder).remember(context.root, request)
        summary = fetching.fetch(context, record_to=tmp_path / "kept")
        assert summary.ok == 1
        texts = [repr(summary), repr(evaluate(context)), *map(str, context.record.ledger_lines())]
        blobs = [
            context.record.blob(digest) for (digest,) in context.record.query("SELECT digest FROM blobs")
        ]
        data = b"".join([excerpts.excerpt(context), *(blob.data for blob in blobs if blob)])
        data += b"".join(path.read_bytes() for path in (tmp_path / "kept").rglob("*") if path.is_file())
    assert TOKEN.encode() not in data
    assert not any(TOKEN in told for told in texts)


def test_a_variable_that_is_not_set_is_an_error(tmp_path: Path) -> None:
    (reading,) = asked(tmp_path, ["true"], {}, secrets=["ORDERS_TOKEN"])
    assert "ORDERS_TOKEN is not set" in reading.why


# --- what is said before it is run


@pytest.mark.parametrize(
    ("config", "measure", "unit", "field"),
    [
        ({}, {"label": "a"}, "s", ""),
        ({}, {}, "s", "unit"),
        ({}, {"label": "a", "statistic": "p95"}, "s", "statistic"),
        ({"prints": "json"}, {}, "", "label"),
        ({"prints": "json"}, {"label": "a", "statistic": "p950"}, "", "statistic"),
        ({"command": ["check"]}, {"label": "a"}, "", "source"),
        ({"command": ["check", "$enviroment"]}, {"label": "a"}, "", "source"),
    ],
)
def test_what_cannot_be_is_seen_beforehand(
    config: dict[str, Any], measure: dict[str, Any], unit: str, field: str
) -> None:
    places = (Place("staging", {}), Place("production", {}))
    told = Asked(unit, places, ExecConfig(**{"command": ["check", "$environment"], **config}))
    found = [(doubt.field, doubt.error) for doubt in question_doubts(ExecMeasure(**measure), told)]
    assert found == ([(field, True)] if field else [])


def test_the_parts_are_read_within_bounds() -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_plugin("OK | " + "=" * 100_000)
    assert len(read_plugin("OK " + "x" * 1_000_000).text) <= 300
