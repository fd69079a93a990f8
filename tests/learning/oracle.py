"""Every figure of docs/learning.md, counted again from the lines of ``workbench export ledger``.

It knows nothing of the workbench: it imports nothing of it, reads no other file, and follows the page alone.

    python oracle.py ledger.jsonl 2026-12-01T12:00:00Z [--zone Europe/Berlin] [--since T --until T] [--tolerates 2:90]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist, median
from typing import Any
from zoneinfo import ZoneInfo

WATCH = timedelta(days=7)
Z = NormalDist().inv_cdf(0.975)
Row = dict[str, Any]


# --- the ledger ---------------------------------------------------------------------------------


def things(lines: Iterable[str]) -> dict[str, dict[str, Row]]:
    """The latest value of everything by its kind and id, after checking that each line is what it says."""
    found: dict[str, dict[str, Row]] = {}
    chain = hashlib.sha256(b"wb.genesis.1\0").digest()
    for line in lines:
        entry = json.loads(line)
        digest = bytes.fromhex(entry["digest"])
        chain = hashlib.sha256(chain + digest).digest()
        assert chain.hex() == entry["chain"], f"the chain breaks at {entry['seq']}"
        body = entry["body"]
        if body is None:
            continue
        stored = line[line.index('"body":') + 7 : line.rindex(',"digest":')].encode()
        assert hashlib.sha256(b"wb.entry.1\0" + stored).digest() == digest
        kind, id = body["entity"], body["id"]
        if "value" in body:
            found.setdefault(kind, {})[id] = {**body["value"], "_id": id, "_digest": entry["digest"]}
        else:
            found.get(kind, {}).pop(id, None)
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# --- the arithmetic -----------------------------------------------------------------------------


def wilson(k: int, n: int) -> tuple[float, float]:
    """The two shares whose distance from k/n is 1.96 of their own standard errors."""
    a, b, c = 1 + Z * Z / n, -(2 * k / n + Z * Z / n), (k / n) ** 2
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return max(0.0, (-b - root) / (2 * a)), min(1.0, (-b + root) / (2 * a))


def around_median(values: list[float]) -> tuple[float, float] | None:
    """The narrowest pair of order statistics, alike from both ends, that holds the median 95 times in 100."""
    values, n = sorted(values), len(values)
    best = None
    for k in range(1, n // 2 + 1):
        if sum(math.comb(n, i) for i in range(k, n - k + 1)) / 2**n >= 0.95:
            best = values[k - 1], values[n - k]
    return best


def poisson(count: int, weeks: float) -> tuple[float, float]:
    """The two rates whose distance from the count is 1.96 of their own standard deviations."""
    root = math.sqrt((2 * count + Z * Z) ** 2 - 4 * count * count)
    return max(0.0, (2 * count + Z * Z - root) / 2) / weeks, (2 * count + Z * Z + root) / 2 / weeks


def share(ids: Iterable[str], of: Iterable[str], n: int | None = None) -> Row:
    ids, of = list(ids), list(of)
    behind = len(of) if n is None else n
    return {
        "numerator": len(ids),
        "denominator": len(of),
        "value": len(ids) / len(of) if of else None,
        "interval": list(wilson(len(ids), len(of))) if of else None,
        "ids": ids,
        "of": of,
        "n": behind,
        "too_few": behind < 10 or len(of) < 10,
    }


def hours_of(took: dict[str, float], of: Iterable[str], n: int) -> Row:
    of, bounds = list(of), around_median(list(took.values()))
    return {
        "numerator": len(took),
        "denominator": len(of),
        "value": median(took.values()) if took else None,
        "interval": list(bounds) if bounds else None,
        "ids": list(took),
        "of": of,
        "n": n,
        "too_few": n < 10 or len(took) < 10,
    }


# --- the domain ---------------------------------------------------------------------------------


class Past:
    """What happened, of a period or altogether; ``production`` are the keys of such environments."""

    def __init__(
        self,
        found: dict[str, dict[str, Row]],
        now: datetime,
        zone: Any,
        production: tuple[str, ...] = ("production",),
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        self.found, self.now, self.zone, self.production = found, now, zone, production
        self.since, self.until = since, until
        self.every = sorted(self._went_out(), key=lambda one: (one["at"], one["id"]))
        self.releases = [one for one in self.every if self.holds(one["at"])]
        self.all_incidents = sorted(self._incidents(), key=lambda one: (one["at"], one["id"]))
        self.incidents = [one for one in self.all_incidents if self.holds(one["at"])]
        self.ended = [one for one in self.releases if one["at"] + WATCH <= now]
        self.escaped = [one for one in self.incidents if one["counts"] and one["production"]]
        reviews = (
            one for one in found.get("incident_review", {}).values() if one["subject"].startswith("test/")
        )
        self.tests = sorted(
            (one for one in reviews if at(one["at"]) <= now and self.holds(at(one["at"]))),
            key=lambda one: (at(one["at"]), one["_id"]),
        )
        self.stops = sorted(
            (
                one
                for one in found.get("alarm", {}).values()
                if at(one["at"]) <= now and self.holds(at(one["at"]))
            ),
            key=lambda one: (at(one["at"]), one["_id"]),
        )

    def holds(self, moment: datetime) -> bool:
        return (self.since is None or self.since <= moment) and (self.until is None or moment < self.until)

    def of(self, since: datetime, until: datetime) -> Past:
        return Past(self.found, self.now, self.zone, self.production, since, until)

    def _went_out(self) -> Iterable[Row]:
        glass = {one["release"] for one in self.found.get("break_glass", {}).values()}
        for id, shipment in self.found.get("shipment", {}).items():
            release = self.found["release"].get(id)
            if release is None or "withdrawn_at" in shipment or at(shipment["at"]) > self.now:
                continue
            build = self.found.get("candidate", {}).get(shipment.get("candidate", ""), {})
            made = build.get("committed_at") or build.get("built_at")
            back = release.get("outcome_at") if release.get("outcome") == "rolled_back" else None
            yield {
                "id": id,
                "version": release["version"],
                "kind": release.get("kind", "regular"),
                "at": at(shipment["at"]),
                "made": at(made) if made else None,
                "back": at(back) if back and at(back) <= self.now else None,
                "follows": release.get("previous", ""),
                "skipped": self._skipped(id, at(shipment["at"])),
                "spoke": shipment["through"]
                and not self._excepted(id, at(shipment["at"]))
                and id not in glass
                and not self._skipped(id, at(shipment["at"])),
            }

    def _skipped(self, release: str, until: datetime) -> bool:
        """Whether nothing was measured of its last build in an environment before production, by when it went out."""
        builds = [one for one in self.found.get("candidate", {}).values() if one["release"] == release]
        last = max(builds, key=lambda one: one["number"])["_id"] if builds else None
        return not any(
            reading["state"] == "ok" and reading.get("environment", "production") not in self.production
            for id, batch in self.found.get("batch", {}).items()
            for number, reading in enumerate(batch["readings"])
            if reading.get("candidate", batch.get("candidate")) == last
            and at(reading["measured_at"]) <= until
            and f"{id}/{number}" not in self.found.get("invalidation", {})
        )

    def _excepted(self, release: str, when: datetime) -> bool:
        """Whether an override was in force that somebody else had approved and nobody rejected."""
        for one in self.found.get("override", {}).values():
            if one["release"] != release or one.get("lifted") or not at(one["at"]) <= when < at(one["until"]):
                continue
            words = [
                each
                for each in self.found.get("approval", {}).values()
                if each["subject"] == one["_digest"]
                and each["person"] != one["author"]
                and one.get("asked", "") in ("", each["person"])
            ]
            said = [each["decision"] for each in words]
            if "reject" not in said and ("approve" in said or one.get("typed_approver")):
                return True
        return False

    def _incidents(self) -> Iterable[Row]:
        reviews = {one["subject"]: one for one in self.found.get("incident_review", {}).values()}
        for id, one in self.found.get("incident", {}).items():
            known = [at(one[name]) for name in ("started_at", "detected_at", "declared_at") if one.get(name)]
            review = reviews.get(f"incident/{id}")
            if min(known) > self.now:
                continue
            yield {
                "id": id,
                "at": min(known),
                "well": at(one.get("mitigated_at") or one["closed_at"])
                if one.get("mitigated_at") or one.get("closed_at")
                else None,
                "counts": one.get("ended", "open") not in ("mistake", "merged"),
                "production": one["environment"] in self.production,
                "release": one.get("release", ""),
                "review": review if review and at(review["at"]) <= self.now else None,
            }

    def caused(self, one: Row) -> bool:
        blamed = one["review"] is None or one["review"].get("caused_by_release", "unknown") != "no"
        return bool(one["release"]) and blamed

    def incidents_of(self, release: Row) -> list[Row]:
        return [
            one
            for one in self.all_incidents
            if one["counts"] and one["production"] and one["release"] == release["id"] and self.caused(one)
        ]

    def hotfixes_of(self, release: Row) -> list[Row]:
        return [one for one in self.every if one["kind"] == "hotfix" and one["follows"] == release["version"]]

    def trouble(self, release: Row) -> bool:
        return bool(release["back"] or self.incidents_of(release) or self.hotfixes_of(release))

    # --- figures ---

    def staging(self) -> dict[str, Row]:
        n = len(self.ended)
        passed = [one for one in self.ended if one["spoke"] and one["kind"] != "rollback"]
        ids = names(passed)
        missed = [
            one
            for one in passed
            if any(said(each, "contributed") == "yes" for each in self.incidents_of(one))
        ]
        good = [one["_id"] for one in self.stops if one["ruling"] == "catch"]
        wrong = [one["_id"] for one in self.stops if one["ruling"] == "false_alarm"]
        tests = [one for one in self.tests if one.get("contributed", "unknown") != "unknown"]
        counting = [one for one in self.incidents if one["counts"]]
        ran = [one for one in counting if said(one, "runbook_worked") in ("yes", "no")]
        forwards = [one for one in self.releases if one["kind"] != "rollback"]
        drills = sorted(
            (
                (at(one.get("ended_at") or one["started_at"]), id, one)
                for id, one in self.found.get("drill", {}).items()
                if one.get("result") in ("worked", "failed") and not one.get("incident")
            ),
            key=lambda each: each[:2],
        )
        drills = [each for each in drills if each[0] <= self.now and self.holds(each[0])]
        return {
            "right": share(names(one for one in passed if not self.trouble(one)), ids),
            "predictive_value": share(names(one for one in passed if self.trouble(one)), ids),
            "missed_faults": share(names(missed), ids),
            "false_alarms": share(wrong, (one["_id"] for one in self.stops), n),
            "caught": share(good, [*good, *names(one for one in self.escaped if self.caused(one))], n),
            "staging_only_failures": share(
                (one["_id"] for one in tests if one["contributed"] == "yes"), (one["_id"] for one in tests), n
            ),
            "contributed": self._asked("contributed", "yes", n),
            "would_catch": self._asked("staging_would_catch", "yes", n),
            "surprises": self._asked("surprise", "staging_other", n),
            "skipped_staging": share(names(one for one in forwards if one["skipped"]), names(forwards), n),
            "runbook_worked": share(
                names(one for one in ran if said(one, "runbook_worked") == "yes"), names(ran), n
            ),
            "drills_worked": share(
                (id for _, id, one in drills if one["result"] == "worked"), (id for _, id, _ in drills)
            ),
        }

    def _asked(self, field: str, answer: str, n: int) -> Row:
        known = [one for one in self.escaped if said(one, field) not in ("", "unknown")]
        return share(names(one for one in known if said(one, field) == answer), names(known), n)

    def delivery(self) -> dict[str, Row]:
        n, out = len(self.ended), self.releases
        end = min(self.until or self.now, self.now)
        start = self.since or min((one["at"] for one in out), default=self.now)
        days = max(0, math.ceil((end - start) / timedelta(days=1)))
        failed = [one for one in self.ended if self.trouble(one)]
        fresh = [one for one in out if one["kind"] != "rollback"]
        regular = [one for one in self.ended if one["kind"] == "regular"]
        lead = {one["id"]: hours(one["made"], one["at"]) for one in fresh if one["made"]}
        spans = {one["id"]: (self.began(one), self.well(one)) for one in failed}
        stable = {one["id"]: (one["made"], self.stable(one)) for one in regular}
        return {
            "deployment_frequency": {
                "numerator": len(out),
                "denominator": days,
                "value": len(out) / (days / 7) if days else None,
                "interval": list(poisson(len(out), days / 7)) if days else None,
                "ids": names(out),
                "of": names(out),
                "n": n,
                "too_few": n < 10 or len(out) < 10,
            },
            "lead_time": hours_of(forward(lead), names(fresh), n),
            "change_fail_rate": share(names(failed), names(self.ended)),
            "recovery_time": hours_of(
                forward({id: hours(a, b) for id, (a, b) in spans.items() if b}), names(failed), n
            ),
            "rework_rate": share(names(one for one in out if one["kind"] != "regular"), names(out), n),
            "time_to_stable": hours_of(
                forward({id: hours(a, b) for id, (a, b) in stable.items() if a and b}), names(regular), n
            ),
        }

    def began(self, one: Row) -> datetime:
        return min((each["at"] for each in self.incidents_of(one)), default=one["at"])

    def well(self, one: Row) -> datetime | None:
        incidents = self.incidents_of(one)
        if incidents and all(each["well"] for each in incidents):
            return max(each["well"] for each in incidents)
        return one["back"] or min((each["at"] for each in self.hotfixes_of(one)), default=None)

    def stable(self, one: Row) -> datetime | None:
        if not self.trouble(one):
            return one["at"]
        if one["back"]:
            later = (
                each["at"]
                for each in self.every
                if each["at"] > one["at"] and each["kind"] != "rollback" and not each["back"]
            )
            return min(later, default=None)
        fixes = self.hotfixes_of(one)
        return max(each["at"] for each in fixes) if fixes else self.well(one)

    def differences(self) -> dict[str, Row]:
        pairs = [(one["id"], one["review"]) for one in self.escaped if one["review"]]
        pairs += [(one["_id"], one) for one in self.tests]
        of = [id for id, review in pairs if review.get("contributed", "unknown") != "unknown"]
        blamed = [(id, review) for id, review in pairs if review.get("contributed") == "yes"]
        incidents = {one["id"] for one in self.escaped}
        found = {}
        for key in {key for _, review in blamed for key in review.get("differences", ())}:
            own = [(id, review) for id, review in blamed if key in review.get("differences", ())]
            found[key] = {
                "incidents": [id for id, _ in own if id in incidents],
                "tests": [id for id, _ in own if id not in incidents],
                **cost(own),
                "share": share((id for id, _ in own), of, len(self.ended)),
            }
        return found

    def reviews(self) -> dict[str, Row]:
        found = {}
        for field in ("lacking", "why_not"):
            known = [one for one in self.escaped if said(one, field) not in ("", "unknown")]
            for answer in {said(one, field) for one in known} - {"nothing"}:
                own = (one for one in known if said(one, field) == answer)
                found[f"{field}/{answer}"] = share(names(own), names(known), len(self.ended))
        return found

    def prevented(self) -> Row:
        own = [(one["id"], one["review"]) for one in self.escaped if said(one, "contributed") == "yes"]
        tests = [(one["_id"], one) for one in self.tests if one.get("contributed") == "yes"]
        return {
            "incidents": [id for id, _ in own],
            "of": names(self.escaped),
            **cost(own),
            "tests": [id for id, _ in tests],
            "tests_cost": cost(tests),
            "not_reviewed": names(one for one in self.escaped if not one["review"]),
        }

    def advice(self, tolerated: int, within: timedelta) -> Row:
        end = min(self.until or self.now, self.now)
        found = [
            one["id"]
            for one in self.all_incidents
            if one["counts"] and one["production"] and end - within <= one["at"] < end
        ]
        first = min((one["at"] for one in self.every), default=end)
        what = "invest" if len(found) > tolerated else "early" if first > end - within else "hold"
        return {"what": what, "incidents": found}

    def months(self) -> dict[str, Row]:
        moments = [one["at"] for one in (*self.releases, *self.incidents)]
        moments += [at(one["at"]) for one in (*self.tests, *self.stops)]
        found = {}
        for key in sorted({moment.astimezone(self.zone).strftime("%Y-%m") for moment in moments}):
            year, month = map(int, key.split("-"))
            first = datetime(year, month, 1, tzinfo=self.zone)
            after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=self.zone)
            part = self.of(first, after)
            figures = part.staging()
            wrong = [one for one in part.stops if one["ruling"] == "false_alarm"]
            kept = ("right", "missed_faults", "false_alarms", "staging_only_failures")
            missed = [(one["id"], one["review"]) for one in part.escaped if said(one, "contributed") == "yes"]
            found[key] = {
                "figures": {name: figures[name] for name in kept},
                "missed_faults_cost": cost(missed),
                "false_alarm_hours": plain(
                    sum((Decimal(one.get("hours", "0")) for one in wrong), Decimal(0))
                ),
                "false_alarms_without_hours": [one["_id"] for one in wrong if "hours" not in one],
            }
        return found

    def held_up(self) -> dict[str, float]:
        """Hours for which freezes held releases up, by release."""
        lives = {}
        out = {one["id"]: one["at"] for one in self.every}
        for id, one in self.found.get("release", {}).items():
            gone = at(one["outcome_at"]) if one.get("outcome") == "abandoned" else None
            lives[id] = (at(one["created_at"]), out.get(id, gone))
        found: dict[str, float] = {}
        for id, (born, gone) in lives.items():
            spans = []
            for freeze in self.found.get("freeze", {}).values():
                lifted = at(freeze["lifted_at"]) if freeze.get("lifted_at") else None
                end = min(moment for moment in (lifted, gone, self.now) if moment is not None)
                start = max(at(freeze["at"]), born)
                if end > start:
                    spans.append((start, end))
            reached, total = None, timedelta()
            for start, end in sorted(spans):
                start = max(start, reached) if reached else start
                total += max(timedelta(), end - start)
                reached = max(end, reached) if reached else end
            if spans:
                found[id] = total / timedelta(hours=1)
        return found


def said(incident: Row, field: str) -> str:
    return str((incident["review"] or {}).get(field, ""))


def names(rows: Iterable[Row]) -> list[str]:
    return [one["id"] for one in rows]


def hours(start: datetime, end: datetime) -> float:
    return (end - start) / timedelta(hours=1)


def forward(took: dict[str, float]) -> dict[str, float]:
    return {id: each for id, each in took.items() if each >= 0}


def plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def cost(pairs: list[tuple[str, Row]]) -> Row:
    money: dict[str, Decimal] = {}
    for _, review in pairs:
        if review.get("cost"):
            amount, currency = review["cost"].replace(",", "").split()
            money[currency] = money.get(currency, Decimal(0)) + Decimal(amount)
    return {
        "hours": plain(sum((Decimal(review.get("hours", "0")) for _, review in pairs), Decimal(0))),
        "money": [{"amount": plain(money[each]), "currency": each} for each in sorted(money)],
        "nobody_said": [id for id, review in pairs if "hours" not in review and not review.get("cost")],
    }


def counted(past: Past, tolerated: tuple[int, timedelta] | None = None) -> Row:
    """Everything, under the names that ``workbench learn --json`` has for it."""
    return {
        "figures": {**past.staging(), **past.delivery()},
        "months": past.months(),
        "differences": past.differences(),
        "reviews": past.reviews(),
        "prevented": past.prevented(),
        "advice": past.advice(*tolerated) if tolerated else {"what": "unknown", "incidents": []},
        "frozen": past.held_up(),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("ledger")
    parser.add_argument("now")
    parser.add_argument("--zone", default="UTC")
    parser.add_argument("--since")
    parser.add_argument("--until")
    parser.add_argument("--production", action="append")
    parser.add_argument("--tolerates", help="INCIDENTS:DAYS")
    asked = parser.parse_args()
    with Path(asked.ledger).open(encoding="utf-8") as file:
        found = things(file)
    past = Past(
        found,
        at(asked.now),
        ZoneInfo(asked.zone),
        tuple(asked.production or ("production",)),
        at(asked.since) if asked.since else None,
        at(asked.until) if asked.until else None,
    )
    tolerated = None
    if asked.tolerates:
        most, days = asked.tolerates.split(":")
        tolerated = int(most), timedelta(days=float(days))
    json.dump(counted(past, tolerated), sys.stdout, indent=2)


if __name__ == "__main__":
    main()
