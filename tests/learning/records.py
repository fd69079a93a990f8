"""A record with a past: releases that went out, incidents, reviews, stops, drills, put straight into the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests import building as build

from workbench.drills.model import Drill, DrillResult
from workbench.gates.approvals import Approval, Ruling, What, approval_id
from workbench.gates.break_glass import BreakGlass
from workbench.gates.model import Freeze
from workbench.gates.overrides import Override
from workbench.incidents.alarms import Alarm, AlarmRuling, alarm_id
from workbench.incidents.model import Incident, IncidentEnd, IncidentSeverity
from workbench.incidents.reviews import (
    IncidentReview,
    Known,
    Lacking,
    RunbookWorked,
    Surprise,
    WhyNot,
    of_incident,
    of_tests,
)
from workbench.model.canonical import plain
from workbench.model.keys import new_id
from workbench.record import Change
from workbench.releases.model import Candidate, Outcome, Release, ReleaseKind
from workbench.releases.shipment import Shipment
from workbench.usecases.context import Context, commit

DIGEST = "0" * 64
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class Filling:
    """Puts things into a record, at moments before the present one."""

    def __init__(self, context: Context, measures: str = "p95") -> None:
        self._measures = measures
        self.context, self.now, self._moment = context, context.now, context.now - 900 * DAY

    def id(self) -> str:
        """A new id, later than those before."""
        self._moment += timedelta(milliseconds=1)
        return new_id(self._moment)

    def keep(self, entity: str, id: str, verb: str, value: Any) -> str:
        """The value in the record; returns the digest of its entry."""
        known = self.context.record.get(entity, id)
        change = Change(entity, id, verb, plain(value), known.base if known else None)
        return commit(self.context, [change]).entries[0]

    def release(
        self,
        version: str,
        days_ago: float | None,
        *,
        hours: float | None = None,
        through: bool = True,
        staged: bool = True,
        **more: Any,
    ) -> str:
        """A release that went out so many days ago, if it did, ``hours`` after its commit; measured in staging where it was ``staged``."""
        id, candidate = self.id(), self.id()
        at = self.now - days_ago * DAY if days_ago is not None else None
        outcome = more.pop("outcome", Outcome.SHIPPED if at else Outcome.OPEN)
        made = at - hours * HOUR if at is not None and hours is not None else None
        said = {"outcome_at": at, "created_at": (at or self.now) - 20 * DAY} | more
        self.keep(
            "candidate",
            candidate,
            "proposed",
            Candidate(release=id, number=1, commit=f"{len(version):040x}", committed_at=made),
        )
        self.keep("release", id, "planned", Release(version=version, outcome=outcome, **said))
        if at is not None:
            shipment = Shipment(
                release=id, version=version, candidate=candidate, by="kim", at=at, entered_at=at, through=through,
                workbench="0", report=DIGEST, basis=DIGEST, definitions=DIGEST,
            )  # fmt: skip
            self.keep("shipment", id, "recorded", shipment)
            if staged:
                build.measured(self.context, self._measures, "0.4", release=version, ago=self.now - at + DAY)
        return id

    def incident(self, title: str, at: datetime, release: str = "", **more: Any) -> str:
        id = self.id()
        said = {
            "environment": "production",
            "severity": IncidentSeverity.HIGH,
            "declared_at": at + HOUR,
        } | more
        self.keep(
            "incident",
            id,
            "declared",
            Incident(title=title, declared_by="kim", release=release, started_at=at, **said),
        )
        return id

    def review(self, subject: str, at: datetime, **more: Any) -> str:
        self.keep(
            "incident_review", subject, "answered", IncidentReview(subject=subject, by="kim", at=at, **more)
        )
        return subject

    def stop(self, release: str, part: str, ruling: str, at: datetime, hours: str | None = None) -> str:
        value = Alarm(
            ruling=AlarmRuling(ruling), part=part, release=release, candidate=None, reason="we looked", by="kim", at=at,
            hours=Decimal(hours) if hours else None,
        )  # fmt: skip
        self.keep("alarm", alarm_id(value), "ruled", value)
        return alarm_id(value)

    def drill(self, result: str, at: datetime, **more: Any) -> str:
        id = self.id()
        value = Drill(
            runbook="restore", text=DIGEST, title="Restore", started_at=at - HOUR, by="kim", ended_at=at,
            result=DrillResult(result), **more,
        )  # fmt: skip
        self.keep("drill", id, "ended", value)
        return id

    def override(
        self, release: str, at: datetime, until: datetime, said: str = "approve", **more: Any
    ) -> str:
        """An override that somebody else approved, or rejected, or "" of which nobody said anything."""
        id = self.id()
        value = Override(
            part="benchmark/p95", title="p95", reason="the vendor mends it", author="kim", at=at, until=until,
            release=release, **more,
        )  # fmt: skip
        subject = self.keep("override", id, "proposed to override", value)
        if said:
            word = Approval(
                subject=subject,
                what=What.OVERRIDE,
                ref=id,
                title="p95",
                person="robin",
                decision=Ruling(said),
                at=at,
            )
            self.keep("approval", approval_id(subject, "robin"), "approved", word)
        return id

    def freeze(self, at: datetime, until: datetime | None) -> None:
        lifted = {"lifted_by": "kim", "lifted_at": until, "lifted_why": "it is over"} if until else {}
        self.keep("freeze", self.id(), "frozen", Freeze(reason="an incident", by="robin", at=at, **lifted))


def any_past(context: Context, seed: int) -> None:
    """A past that somebody might have had, with everything in it that leaves a count."""
    random, fill = Random(seed), Filling(context)
    differences = ["mock", "data", "scale"]
    releases: list[str] = []
    before = ""
    for n in range(random.randint(4, 26)):
        days = random.choice([random.uniform(0, 400), 7.0, random.uniform(0, 8)])
        version = f"1.{n}.0"
        more: dict[str, Any] = {
            "kind": random.choice([*3 * [ReleaseKind.REGULAR], ReleaseKind.HOTFIX, ReleaseKind.ROLLBACK])
        }
        if random.random() < 0.15:
            back = fill.now - days * DAY + random.uniform(0, 0.9) * days * DAY
            more |= {"outcome": Outcome.ROLLED_BACK, "outcome_at": back}
        id = fill.release(
            version, days, hours=random.choice([None, random.uniform(-5, 300)]), through=random.random() < 0.85, staged=random.random() < 0.9,
            previous=before or None, **more,
        )  # fmt: skip
        releases.append(id)
        before = version
        if random.random() < 0.2:
            at = fill.now - days * DAY
            fill.override(
                id, at - DAY, at + random.choice([-HOUR, DAY]), random.choice(["approve", "approve", "reject", ""]),
                lifted=random.random() < 0.2,
            )  # fmt: skip
    if random.random() < 0.5:
        fill.keep("break_glass", fill.id(), "broke", _glass(releases[-1], fill))
    fill.release("9.0.0", None)
    fill.release("9.0.1", None, outcome=Outcome.ABANDONED, outcome_at=fill.now - 3 * DAY)
    for n in range(random.randint(0, 25)):
        _incident(random, fill, n, random.choice([*releases, ""]), differences)
    for n in range(random.randint(0, 14)):
        fill.review(
            of_tests(random.choice(releases), "b", f"suite-{n}"), _moment(random, fill), contributed=random.choice(list(Known)),
            differences=tuple(random.sample(differences, random.randint(0, 2))), **_cost(random),
        )  # fmt: skip
    for n in range(random.randint(0, 25)):
        fill.stop(
            random.choice(releases), f"benchmark/b{n}", random.choice(["catch", "false_alarm"]), _moment(random, fill),
            random.choice([None, "2", "0.5"]),
        )  # fmt: skip
    for _ in range(random.randint(0, 13)):
        fill.drill(
            random.choice(["worked", "worked", "failed", "stopped", ""]), _moment(random, fill),
            incident=random.choice(["", "", "i"]),
        )  # fmt: skip
    for _ in range(random.randint(0, 4)):
        at = _moment(random, fill)
        fill.freeze(at, random.choice([None, min(fill.now, at + random.uniform(0, 9) * DAY)]))


def _glass(release: str, fill: Filling) -> BreakGlass:
    return BreakGlass(
        release=release, version="1", at=fill.now, said_at=fill.now, by="kim", reason="at night", due=fill.now
    )


def _moment(random: Random, fill: Filling) -> datetime:
    return fill.now - random.uniform(0, 400) * DAY


def _cost(random: Random) -> dict[str, Any]:
    return {
        "hours": random.choice([None, Decimal("3"), Decimal("1.5")]),
        "cost": random.choice(["", "", "1,200 EUR", "35.5 USD"]),
    }


def _incident(random: Random, fill: Filling, n: int, release: str, differences: list[str]) -> None:
    at = _moment(random, fill)
    ended = random.choice(
        [*5 * [IncidentEnd.CLOSED], IncidentEnd.OPEN, IncidentEnd.MISTAKE, IncidentEnd.MERGED]
    )
    after = at + random.uniform(-1, 30) * HOUR
    id = fill.incident(
        f"incident {n}", at, release,
        environment=random.choice(["production", "production", "production", "staging"]),
        detected_at=random.choice([None, at - HOUR, at + HOUR]),
        mitigated_at=random.choice([None, after]),
        closed_at=after + HOUR if ended is not IncidentEnd.OPEN else None,
        ended=ended,
    )  # fmt: skip
    if random.random() < 0.75:
        fill.review(
            of_incident(id), random.choice([at + DAY, fill.now]), contributed=random.choice(list(Known)),
            differences=tuple(random.sample(differences, random.randint(0, 3))),
            staging_would_catch=random.choice(list(Known)), surprise=random.choice(list(Surprise)),
            runbook_worked=random.choice(list(RunbookWorked)), lacking=random.choice(list(Lacking)),
            why_not=random.choice(list(WhyNot)),
            caused_by_release=random.choice(list(Known)), **_cost(random),
        )  # fmt: skip
