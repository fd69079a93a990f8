"""BM-11: how old the data of an environment is, against its own service level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from workbench.environments.looked import Looked
from workbench.environments.model import Finding, Refresh
from workbench.model.times import age_text, parse_duration


class Validation(StrEnum):
    """What the validation of a refresh came to."""

    PASSED = "validated"
    FAILED = "held back"
    OPEN = "not validated"


class Freshness(StrEnum):
    """How the age of data stands; only ``FRESH`` is good."""

    FRESH = "fresh"
    OLD = "too old"
    NOT_VALIDATED = "not validated"
    NO_LIMIT = "no limit"
    UNKNOWN = "not known"


class DataAge(msgspec.Struct, frozen=True, kw_only=True):
    """How old the data is: ``refresh`` brought it, ``held_back`` came later and failed its validation.

    ``age`` is counted from the moment that the data is of; ``limit`` is the level from the files.
    """

    state: Freshness
    refresh: Refresh | None = None
    held_back: Refresh | None = None
    age: timedelta | None = None
    limit: timedelta | None = None

    @property
    def words(self) -> str:
        """It in words: ``3 days old, limit 7 days``."""
        told = [self._age()]
        if self.held_back is not None:
            which = "a later refresh" if self.refresh is not None else "the last refresh"
            told.append(f"{which} was held back: {lacking(self.held_back)}")
        return "; ".join(told)

    def _age(self) -> str:
        if self.age is None:
            return "not known" if self.held_back is not None else "not known: no refresh is recorded"
        limit = f", limit {age_text(self.limit)}" if self.limit is not None else ", no limit is stated"
        proof = (
            ""
            if self.state is not Freshness.NOT_VALIDATED or not self.refresh
            else f"; {lacking(self.refresh)}"
        )
        return f"{age_text(self.age)} old{limit}{proof}"


def validation(refresh: Refresh) -> Validation:
    """What the validation of a refresh came to: one part that failed holds it back, all have to pass."""
    found = refresh.findings.values()
    if Finding.FAILED in found:
        return Validation.FAILED
    return Validation.OPEN if Finding.UNCHECKED in found else Validation.PASSED


def lacking(refresh: Refresh) -> str:
    """What failed, or else what nobody has checked: ``query plans not checked``."""
    for finding in (Finding.FAILED, Finding.UNCHECKED):
        named = [name for name, found in refresh.findings.items() if found is finding]
        if named:
            return f"{' and '.join(named)} {finding.value}"
    return ""


# Which probes look at a part of a refresh's validation.
_LOOKS = {"rows": "data_profile", "distributions": "data_profile", "plans": "query_plans"}


def as_proven(refresh: Refresh, probes: Iterable[Looked]) -> Refresh:
    """The refresh with what probes have found since: a part that nobody has checked passes with its probe.

    A probe that found something leaves its part open: whether that matters is for a person to say.
    """
    since = [one for one in probes if one.at is not None and one.at >= refresh.at]
    passed = {
        part: Finding.PASSED
        for part, kind in _LOOKS.items()
        if getattr(refresh, part) is Finding.UNCHECKED and _passed([one for one in since if one.kind == kind])
    }
    return msgspec.structs.replace(refresh, **passed) if passed else refresh


def _passed(probes: Sequence[Looked]) -> bool:
    return bool(probes) and all(one.state == "pass" for one in probes)


def data_age(refreshes: Sequence[Refresh], limit: str | None, now: datetime) -> DataAge:
    """How old the data is after these refreshes, the latest first; ``limit`` is a duration as the files have it.

    A refresh whose validation failed did not bring its data; one that nobody validated did, and
    the data counts as fresh only once all three parts have passed.
    """
    level = parse_duration(limit) if limit else None
    held_back = next(iter(refreshes), None)
    if held_back is not None and validation(held_back) is not Validation.FAILED:
        held_back = None
    brought = next((one for one in refreshes if validation(one) is not Validation.FAILED), None)
    if brought is None:
        return DataAge(state=Freshness.UNKNOWN, held_back=held_back, limit=level)
    age = now - brought.of
    return DataAge(
        state=_state(brought, age, level), refresh=brought, held_back=held_back, age=age, limit=level
    )


def _state(brought: Refresh, age: timedelta, level: timedelta | None) -> Freshness:
    if level is None:
        return Freshness.NO_LIMIT
    if age > level:
        return Freshness.OLD
    return Freshness.FRESH if validation(brought) is Validation.PASSED else Freshness.NOT_VALIDATED
