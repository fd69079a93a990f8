"""Large projects and records: made in bulk through the record's own door, the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

import msgspec

from workbench.benchmarks import measurements
from workbench.definitions.shapes import Dimension, Severity, Tier
from workbench.flows.model import Flow, Stage
from workbench.model.canonical import plain
from workbench.model.keys import new_id
from workbench.model.times import Clock
from workbench.parity.decisions import Decision
from workbench.parity.model import Category, Difference, decided_now
from workbench.parity.reviews import Review
from workbench.record import Author, Change, Record
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Release
from workbench.sources.reading import Batch, Reading
from workbench.usecases.nouns import NOUNS
from workbench.usecases.project import RECORD

SEED = 20261121
PERSON = "robin"
AUTHOR = Author(actor=PERSON, identity="asserted by --as", os_user="benchmark")
PER_ACT = 2000
PER_BATCH = 100
PER_FILE = 1000  # benchmarks in one YAML file, which may hold 1 MB

# A unit, a usual value and a criterion for each dimension; what handles errors is measured by those it lets through.
KINDS = {
    Dimension.DATA_FIDELITY: ("%", 99.6, ">= 99 %"),
    Dimension.SERVICE_PARITY: ("", 0, "<= 1"),
    Dimension.FLOW_COMPLETENESS: ("%", 100, ">= 100 %"),
    Dimension.LATENCY_CONSISTENCY: ("ms", 180, "within 20% of baseline or both <= 100 ms"),
    Dimension.ERROR_HANDLING: ("%", 0.4, "<= 2 x baseline or both <= 0.1 %"),
}


class Size(msgspec.Struct, frozen=True):
    """How large a project is.

    ``benchmarks`` of them are defined, a dimension of a flow each; ``measurements`` are spread over
    ``candidates`` of one release, so that only the last share of them counts.  ``open_high`` of the
    differences are high and undecided, where it matters how many.  Every ``charted``-th benchmark is judged
    by a control chart, of which every candidate but the last gives a point; the last one measures all.
    """

    flows: int = 1000
    benchmarks: int = 50
    differences: int = 10_000
    measurements: int = 100_000
    candidates: int = 20
    open_high: int | None = None
    charted: int = 0

    def is_charted(self, number: int) -> bool:
        """Whether that benchmark is judged by a control chart."""
        return bool(self.charted) and number % self.charted == 0


def project(root: Path, size: Size, url: str = "http://127.0.0.1:9090") -> Path:
    """Write the project's files; every benchmark asks the source at ``url``."""
    root.mkdir(parents=True)
    entries = [_entry(number, charted=size.is_charted(number)) for number in range(size.benchmarks)]
    names = []
    for first in range(0, len(entries), PER_FILE):
        names.append(f"benchmarks-{first // PER_FILE + 1}.yaml")
        text = "benchmarks:\n" + "".join(entries[first : first + PER_FILE])
        (root / names[-1]).write_text(text, encoding="utf-8")
    listed = "".join(f"  - {name}\n" for name in names)
    (root / "workbench.yaml").write_text(_PROJECT.format(include=listed, url=url), encoding="utf-8")
    return root


_PROJECT = """\
project: large
title: Large
include:
{include}
environments:
  - {{key: production, kind: production}}
  - {{key: staging, kind: staging}}
sources:
  - {{key: metrics, kind: prometheus, url: "{url}"}}
people:
  - {{key: robin, name: Robin, roles: [release-owner]}}
  - {{key: kim, name: Kim, roles: [release-owner]}}
checklists: [pre-production, production-readiness]
gates:
  - key: inventory
    title: Inventory
    requires: [inventory: {{flows: 5}}]
  - key: benchmarks
    title: Benchmarks
    requires: [benchmarks: {{}}]
  - key: parity
    title: Parity
    requires: [parity_reviewed: 90d, differences_decided: high]
  - key: production
    title: Production
    requires: [checklist: production-readiness, not_frozen: {{}}]
  - key: sign-off
    title: Sign-off
    sign: {{roles: [{{role: release-owner}}]}}
"""


def _entry(number: int, *, charted: bool = False) -> str:
    dimension = tuple(KINDS)[number % len(KINDS)]
    unit, _, rule = KINDS[dimension]
    rule = "in control" if charted else rule
    flow = _flow_key(number // len(KINDS))
    better = "    better: lower\n" if dimension is Dimension.ERROR_HANDLING else ""
    query = f'value{{flow="{flow}",env="$environment"}}'
    return (
        f"  - key: {subject(number)}\n    title: {flow} {dimension.value.replace('_', ' ')}\n"
        f"    flow: {flow}\n    dimension: {dimension.value}\n    mode: blocking\n    pass: '{rule}'\n{better}"
        f"    measure: {{source: metrics, query: '{query}', unit: '{unit}', window: 1h}}\n"
    )


def _flow_key(number: int) -> str:
    return f"flow-{number:04}"


def subject(number: int) -> str:
    """The key of a benchmark: five of them stand for one flow."""
    return f"{_flow_key(number // len(KINDS))}-{tuple(KINDS)[number % len(KINDS)].value}"


def fill(root: Path, size: Size, now: datetime) -> Path:
    """Make the record of a project, as it would be after many releases; returns the folder."""
    chance = random.Random(SEED)
    clock = Clock(real=lambda: now)
    path = root / RECORD
    with Record.create(path, NOUNS, project="large", author=AUTHOR, clock=clock) as record:
        commit_all(record, (_flow(number, now) for number in range(size.flows)), clock)
        made = (difference(number, chance, now) for number in range(size.differences))
        if size.open_high is not None:
            made = (_weighed(change, size.open_high, place) for place, change in enumerate(made))
        commit_all(record, made, clock)
        release, builds = _release(record, size.candidates, now)
        commit_all(record, _batches(size, chance, release, builds, now), clock, per_act=100)
    (path.parent / "person").write_text(PERSON + "\n", encoding="utf-8")
    return root


def commit_all(record: Record, changes: Iterable[Change], clock: Clock, per_act: int = PER_ACT) -> None:
    """Commit changes, many to an act."""
    rest = iter(changes)
    while chunk := list(islice(rest, per_act)):
        record.commit(chunk, author=AUTHOR, clock=clock)


def _flow(number: int, now: datetime) -> Change:
    value = Flow(
        key=_flow_key(number),
        name=f"Flow {number}: order to shipment",
        tier=tuple(Tier)[number % 3],
        core=number < 5,
        stage=Stage.ENFORCED,
        owner=PERSON,
        services=("cart", "orders", "payments"),
        trigger="an order is paid",
        outcome="the parcel leaves the house",
        steps=("check stock", "book", "print the label"),
    )
    return Change("flow", new_id(now), "listed", plain(value))


def difference(number: int, chance: random.Random, now: datetime) -> Change:
    """One row of the parity map; one in a hundred is high, and of those most are decided."""
    high = number % 100 == 0
    decided = chance.random() < (0.95 if high else 0.6)
    value = Difference(
        title=f"Difference {number}: {chance.choice(('timeout', 'replica count', 'instance type', 'mock'))}",
        staging=f"{chance.randint(1, 8)} nodes",
        production=f"{chance.randint(9, 40)} nodes",
        category=chance.choice(tuple(Category)),
        severity=Severity.HIGH if high else chance.choice((Severity.LOW, Severity.MEDIUM)),
        impact="what staging cannot show under this load",
        flows=(_flow_key(number % 1000),),
        decision=Decision.CLOSE if decided else Decision.UNDECIDED,
        reason="will be the same by the next release" if decided else "",
        owner=PERSON,
        until=now + timedelta(days=60) if decided and high else None,
        found_at=now - timedelta(days=number % 300),
        decided_at=now - timedelta(days=1) if decided else None,
        decided_by=PERSON if decided else None,
    )
    return Change("difference", new_id(now), "found", plain(decided_now(value)))


def _weighed(change: Change, open_high: int, place: int) -> Change:
    """The first differences of the map are high and undecided, the others neither."""
    assert isinstance(change.value, dict)
    first = place < open_high
    value = change.value | {"severity": Severity.HIGH.value if first else Severity.LOW.value}
    if first:
        value |= {
            "decision": Decision.UNDECIDED.value, "until": None, "decided_at": None, "decided_by": None,
        }  # fmt: skip
    return msgspec.structs.replace(change, value=plain(decided_now(msgspec.convert(value, Difference))))


def _release(record: Record, candidates: int, now: datetime) -> tuple[str, list[tuple[str, str]]]:
    """A release with its candidates: its id, and id and commit of each candidate."""
    clock = Clock(real=lambda: now)
    value = Release(version="7.0.0", planned_at=now + timedelta(days=1), owner=PERSON)
    record.commit([releases.new_release(value, now)], author=AUTHOR, clock=clock)
    for number in range(candidates):
        build = Candidate(release="", number=0, commit=f"{0xC0FFEE00 + number:08x}" * 5)
        held = releases.find(record)
        record.commit([releases.new_candidate(held, build, now)], author=AUTHOR, clock=clock)
    held = releases.find(record)
    review = Review(release=held.id, by=PERSON, at=now - timedelta(days=2), differences=0)
    record.commit(
        [Change("parity_review", new_id(now), "looked over", plain(review))], author=AUTHOR, clock=clock
    )
    return held.id, [(stored.id, candidate.commit) for stored, candidate in held.candidates]


def _batches(
    size: Size, chance: random.Random, release: str, builds: list[tuple[str, str]], now: datetime
) -> Iterator[Change]:
    """The fetches of each candidate one after the other; each measures every benchmark twice.

    Where there are charts, only the last candidate does, and each before it gives a point of each chart.
    """
    if size.charted:
        for place, (candidate, commit) in enumerate(builds[:-1]):
            at = now - timedelta(hours=1 + 8 * (len(builds) - 1 - place))
            points = _points(size, chance, commit, at)
            yield from _in_batches(points, release, candidate, at, now)
        builds = builds[-1:]
    share = size.measurements // len(builds)
    per_round = 2 * size.benchmarks
    for place, (candidate, commit) in enumerate(builds):
        last = now - timedelta(hours=1 + 8 * (len(builds) - 1 - place))
        rounds = max(1, share // per_round)
        for turn in range(rounds):
            at = last - timedelta(minutes=(rounds - 1 - turn) % 400)
            readings = _readings(size, chance, commit, at)
            yield from _in_batches(readings, release, candidate, at, now)


def _in_batches(
    readings: Iterator[Reading], release: str, candidate: str, at: datetime, now: datetime
) -> Iterator[Change]:
    while chunk := tuple(islice(readings, PER_BATCH)):
        batch = Batch(source="metrics", asked_at=at, readings=chunk, server="Prometheus 3.5.0")
        change, _ = measurements.batch_change(batch, release=release, candidate=candidate, now=now)
        yield change


def _points(size: Size, chance: random.Random, commit: str, at: datetime) -> Iterator[Reading]:
    """A value of each benchmark that is judged by a chart."""
    for number in filter(size.is_charted, range(size.benchmarks)):
        unit, _, _ = KINDS[tuple(KINDS)[number % len(KINDS)]]
        yield Reading(
            subject=subject(number), source="metrics", role="value", state="ok", measured_at=at,
            environment="staging", commit=commit, value=Decimal(str(round(chance.gauss(50, 2), 3))), unit=unit,
            window="1h", samples=1000, evidence=(f"{number:064x}",), build=commit,
        )  # fmt: skip


def _readings(size: Size, chance: random.Random, commit: str, at: datetime) -> Iterator[Reading]:
    for number in range(size.benchmarks):
        if size.is_charted(number):
            continue
        unit, usual, _ = KINDS[tuple(KINDS)[number % len(KINDS)]]
        fails = chance.random() < 0.02
        for role, environment in (("value", "staging"), ("baseline", "production")):
            off = chance.uniform(0, 0.003) + (0.6 if fails and role == "value" else 0)
            off = 0 if usual == 100 and not fails else off  # complete is complete
            worse = usual * (1 - off if unit == "%" and usual > 50 else 1 + off)
            yield Reading(
                subject=subject(number),
                source="metrics",
                role="value" if role == "value" else "baseline",
                state="ok",
                measured_at=at,
                environment=environment,
                commit=commit,
                value=Decimal(str(round(min(worse, 100) if unit == "%" else worse, 4))),
                unit=unit,
                window="1h",
                samples=1000 + number,
                evidence=(f"{number:064x}",),
                build=commit,
            )
    yield from _points(size, chance, commit, at)
