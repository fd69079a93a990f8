"""Playing the story in this process, and replacing what differs from one time to the next."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO, TextIOWrapper
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.golden.story import STORY, Step

import workbench
from workbench.cli import run
from workbench.model.times import from_text, moment_text
from workbench.record import Blob
from workbench.usecases import demonstration
from workbench.usecases.evaluate import evaluate
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options
from workbench.usecases.signing import shown_to

_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_CODE = r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b"
_NUMBERED = {
    "id": _ID,
    "digest": r"\b[0-9a-f]{64}\b",
    "end of an id": r"(?<=\b)(?=[a-f]*\d)(?:[0-9a-f]{12}\b|[0-9a-f]{10}(?=/\d)|[0-9a-f]{9}(?=/\d\d))",
    "code": _CODE,
}
_MACHINE = re.compile(r'("what": "(?:Python|SQLite|git|clock|encoding)",\s+"why": )"[^"]*"')
_WRITTEN = re.compile(
    r'("written": )"[^"]+"'
)  # when a file of the checkout was written, which every checkout says otherwise
_MOMENT = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_SAID_MOMENT = re.compile(r"[A-Z][a-z]{2} \d\d? [A-Z][a-z]{2} 20\d\d \d\d:\d\d CES?T *")
_ROOT = re.compile(r"(?<=\\n)[A-Za-z0-9+/]{43}=(?=\\n)")  # of the ledger, in a note about its end
_ZONE = ZoneInfo("Europe/Amsterdam")

WRITTEN = datetime(2026, 9, 15, 7, 51, tzinfo=UTC).timestamp()
TRACES = Path(__file__).parents[1] / "data" / "generated" / "opentelemetry"

ROWS = {
    "differences.jsonl": '{"difference": "LOG_LEVEL", "owner": "jo"}\n{"title": "paper", "flows": "checkout"}\n',
    "flows.jsonl": '{"flow": "gift-cards", "owner": "kim"}\n',
    "hooked/workbench.yaml": "project: hooked\nhooks:\n  - {key: page, on: [frozen], kind: command, run: page}\n"
    "environments:\n  - {key: production, kind: production}\n"
    "people:\n  - {key: desk, name: Desk}\nsources:\n  - {key: hand, kind: manual}\nbenchmarks:\n  - {key: p95, title: Answers are quick, environment: production,\n"
    "     measure: {source: hand, unit: s, how: read it, environment: production}, pass: '<= 1 s'}\n",
    "slo.yaml": """apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout-answers, displayName: Checkout answers}
spec:
  service: checkout
  indicator:
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: Prometheus, spec: {query: answers_good}}}
        total: {metricSource: {type: Prometheus, spec: {query: answers}}}
  timeWindow: [{duration: 1M, isRolling: false}]
  objectives: [{target: 0.995}]
""",
}


def write_files(shop: Path) -> None:
    """The files that the story uses beside the sample's own."""
    for name in ("staging.jsonl", "production.jsonl"):
        (shop / "traces" / name).parent.mkdir(exist_ok=True)
        (shop / "traces" / name).write_bytes((TRACES / name).read_bytes())
    for name, text in ROWS.items():
        (shop / name).parent.mkdir(exist_ok=True)
        (shop / name).write_text(text, encoding="utf-8")
    for report in (shop / "reports").iterdir():  # whose moments would be those of the checkout
        os.utime(report, (WRITTEN, WRITTEN))


def play(folder: Path) -> dict[str, str]:
    """What the commands print, by the name under which it is kept."""
    (folder / "data").mkdir()
    started = datetime.now(UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBENCH_DATA", str(folder / "data"))
        patch.setenv("LOGNAME", "desk")
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        patch.delenv("CI", raising=False)  # a note of an asking says which CI asked
        shop = demonstration.prepare("web-shop", folder / "shop")
        patch.chdir(shop)
        return _Played(shop, started).kept


class _Played:
    def __init__(self, shop: Path, started: datetime) -> None:
        self.shop, self.started = shop, started
        texts = (path.read_text("utf-8") for path in shop.glob("*.yaml"))
        self.sample = "\n".join(texts)
        self.noticed: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        (shop / "fresh").mkdir()
        write_files(shop)
        self.wrong: list[str] = []
        for step in STORY:
            self._step(step)
        assert not self.wrong, "\n".join(self.wrong)

    def _step(self, step: Step) -> None:
        if step.name.endswith("/documents"):
            self._documents(step.name)
            return
        printed, said, code = typed(step.command.format_map(self.noticed))
        if step.code not in (None, code):
            self.wrong.append(f"$ {step.command}\nended with {code}\n{printed}{said}")
        self._notice(step, printed)
        if step.name:
            words = f"--- said beside it\n{said}" if said and not step.name.endswith(".json") else ""
            self._keep(step.name, printed + words)
        for file in step.also:
            self._keep(f"{step.name.removesuffix('.json')}--{file}", (self.shop / file).read_text("utf-8"))

    def _notice(self, step: Step, printed: str) -> None:
        """Ids and codes that a later command of the story names."""
        if step.name == "clear/benchmark-typed.json" and (found := re.search(_ID + r"/\d+", printed)):
            self.noticed["measurement"] = found[0]
        if step.name == "clear/tick.json" and (found := re.search('"digest": "([0-9a-f]{64})"', printed)):
            self.noticed["evidence"] = found[1]
        if step.name == "sign/asked-by-sheet.json" and (found := re.search(_CODE, printed)):
            self.noticed["code"] = found[0]
            (self.shop / "mail.txt").write_text(f"From: sam\n\nApproved, {found[0]}\n", encoding="utf-8")

    def _documents(self, name: str) -> None:
        """What a signature of each gate would stand on: the report that is shown, and the basis."""
        context = open_context(Options(project=self.shop), readonly=True)
        try:
            evaluation = evaluate(context)
            for item in evaluation.gates:
                shown = shown_to(evaluation, item, "robin", "release-owner")
                self._document(f"{name}/{item.gate.key}-shown.json", shown.shown)
                self._document(f"{name}/{item.gate.key}-basis.json", shown.basis)
        finally:
            context.record.close()

    def _document(self, name: str, blob: Blob) -> None:
        self._keep(name, msgspec.json.format(blob.data, indent=2).decode() + "\n")

    def _keep(self, name: str, text: str) -> None:
        assert name not in self.kept, f"{name} is kept twice"
        self.kept[name] = self.stable(_by_content(text) if name.endswith(".jsonl") else text)

    def stable(self, text: str) -> str:
        """The text with a name in the place of all that is another one each time, numbered as it appears."""
        text = text.replace(str(self.shop.parent), "<folder>").replace(workbench.__version__, "<version>")
        text = _MACHINE.sub(r'\1"<machine>"', text)
        text = _ROOT.sub("<root>", text)
        text = _WRITTEN.sub(r'\1"<written>"', text)
        text = _MOMENT.sub(lambda m: "<now>" if self.is_now(from_text(m[0])) else m[0], text)
        said = {moment_text(self.started + timedelta(minutes=n), _ZONE) for n in range(10)}
        text = _SAID_MOMENT.sub(lambda m: "<now>  " if m[0].strip() in said else m[0], text)
        for what, pattern in _NUMBERED.items():
            text = re.sub(pattern, _Numbers(what, self.sample), text)
        return text

    def is_now(self, moment: datetime) -> bool:
        """Whether a moment is of the machine's clock, not of the demonstration's."""
        return self.started <= moment <= self.started + timedelta(minutes=10)


def _by_content(text: str) -> str:
    """An excerpt whose documents stand in the order of what they say, not of their digests."""
    lines = text.splitlines(keepends=True)
    places = [number for number, line in enumerate(lines) if line.startswith('{"blob":')]
    volatile = re.compile("|".join(_NUMBERED.values()))
    documents = sorted((lines[number] for number in places), key=lambda line: volatile.sub("", line))
    for number, line in zip(places, documents, strict=True):
        lines[number] = line
    return "".join(lines)


class _Numbers:
    """``<id 1>``, ``<id 2>`` … for the texts that a pattern finds; what the sample's files say stays."""

    def __init__(self, what: str, sample: str) -> None:
        self.what, self.sample = what, sample
        self.known: dict[str, str] = {}

    def __call__(self, found: re.Match[str]) -> str:
        if found[0] in self.sample:
            return found[0]
        return self.known.setdefault(found[0], f"<{self.what} {len(self.known) + 1}>")


def typed(command: str) -> tuple[str, str, int]:
    """Type a command: standard output, standard error, exit code."""
    return typed_words(shlex.split(command))


def typed_words(words: Sequence[str]) -> tuple[str, str, int]:
    """The same for a command as a shell has taken it apart."""
    with _caught("stdout") as out, _caught("stderr") as err:
        code = run(words)
    return out.getvalue().decode(), err.getvalue().decode(), code


@contextmanager
def _caught(name: str) -> Iterator[BytesIO]:
    """What is written to a standard stream meanwhile; a stream that is no terminal."""
    data, before = BytesIO(), getattr(sys, name)
    stream = TextIOWrapper(data, encoding="utf-8", newline="\n", write_through=True)
    setattr(sys, name, stream)
    try:
        yield data
    finally:
        setattr(sys, name, before)
        stream.detach()
