"""Deployments, whichever server tells of them: what can be asked about them, and the answers.

OP-1 (how many deployments work), BM-14 (what a deployment takes in production and in staging, and which steps
staging skips) and DORA's deployment frequency (https://dora.dev/guides/dora-metrics/) are made of them.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from workbench.model.quantity import from_float
from workbench.model.text import number_of, safe_text, some_of
from workbench.model.times import age_text
from workbench.sources.filling import filled
from workbench.sources.reading import Body, Found, Question, WrongQuestion, in_unit, missing, window_of

DeploymentRead = Literal[
    "success_rate", "failure_rate", "count", "duration", "since_last", "friction", "skipped_steps"
]
COMPARING: frozenset[str] = frozenset({"friction", "skipped_steps"})
"""What is read of two environments."""
WITHOUT_WINDOW: frozenset[str] = frozenset({"since_last"})
"""What looks back until there is something, however long ago."""

# ``waiting``: nobody has begun it, or somebody has to approve it; ``none``: it was called off, or says nothing.
Outcome = Literal["succeeded", "failed", "running", "waiting", "none"]

STUCK = timedelta(days=1)  # a deployment that has run for longer will not end any more
_NAMED = 6


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to bring a build into an environment.

    ``at`` is when it was asked for, ``ended`` when its outcome was known, ``waited`` how many seconds it
    waited before it began, for an approval or for a runner.
    """

    environment: str
    commit: str
    at: datetime
    outcome: Outcome
    ended: datetime | None = None
    waited: float = 0.0
    url: str = ""

    @property
    def seconds(self) -> float | None:
        """From being asked for to its outcome, waiting included; ``None`` where that is not known."""
        return None if self.ended is None else max(0.0, (self.ended - self.at).total_seconds())


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """What a server told of the deployments to one environment.

    ``elsewhere`` are the environments that it has deployments of, where there are none of this one;
    ``steps`` are those that the newest successful deployment took, ``None`` where they are not known.
    """

    environment: str
    deployments: Sequence[Deployment]
    known: bool = True
    elsewhere: tuple[str, ...] = ()
    steps: tuple[str, ...] | None = None
    partial: str | None = None
    bodies: tuple[Body, ...] = ()

    @property
    def succeeded(self) -> list[Deployment]:
        return [one for one in self.deployments if one.outcome == "succeeded"]

    def failed(self, at: datetime) -> list[Deployment]:
        """Those that failed, and those that began and never ended."""
        return [one for one in self.deployments if one.outcome == "failed" or _stuck(one, at)]


def _stuck(one: Deployment, at: datetime) -> bool:
    return one.outcome == "running" and at - one.at > STUCK


def environments_of(
    read: str, question: Question, deployed_to: str, against: str, server: str
) -> tuple[str, ...]:
    """The names that a server knows the environments by: one, or two that are compared.

    ``WrongQuestion`` where they cannot be told, or where there is no window to look at.
    """
    if read not in WITHOUT_WINDOW:
        window_of(question, "30d")
    named = {"deployed_to": deployed_to} | ({"against": against} if read in COMPARING else {})
    names = []
    for field, text in named.items():
        name = filled(text, question, field)
        if not name:
            hint = f"say {field}: NAME, as {server} knows it"
            raise WrongQuestion("the benchmark is about no environment", field=field, hint=hint)
        if name in names:
            what = f"{safe_text(name, 60)} is compared with itself"
            raise WrongQuestion(what, field=field, hint="name the other environment")
        names.append(name)
    return tuple(names)


def start_of(read: str, question: Question) -> datetime | None:
    """The moment from which on deployments count; ``None`` where the last one counts, however old."""
    return None if question.window is None or read in WITHOUT_WINDOW else question.at - question.window


def answer(read: DeploymentRead, question: Question, log: Log, other: Log | None = None) -> Found:
    """The answer to a question about the deployments to ``log``'s environment.

    ``other`` is production's where two environments are compared (:data:`COMPARING`).
    """
    if other is not None and read == "friction":
        found = _friction(question, log, other)
    elif other is not None and read == "skipped_steps":
        found = _skipped_steps(question, log, other)
    elif read == "count":
        found = _count(question, log)
    elif read == "duration":
        found = _duration(question, log)
    elif read == "since_last":
        found = _since_last(question, log)
    else:
        found = _rate(read, question, log)
    logs = [log] if other is None else [log, other]
    return msgspec.structs.replace(
        found,
        bodies=tuple(body for each in logs for body in each.bodies),
        partial="; ".join(filter(None, (each.partial for each in logs))) or None,
    )


def _rate(read: str, question: Question, log: Log) -> Found:
    failed, worked = log.failed(question.at), log.succeeded
    tried = len(failed) + len(worked)
    if not tried:
        return missing(question, _nothing(log, "deployment with a result"))
    part = len(failed) if read == "failure_rate" else len(worked)
    facts: dict[str, str | int] = {"deployments": tried, "failed": len(failed)}
    if failed:
        facts["because"] = _which_failed(failed, tried, question.at)
    if open_ := len(log.deployments) - tried:
        facts["note"] = f"{number_of(open_, 'deployment')} without a result left out"
    return _value(question, Decimal(part) / Decimal(tried), "share", samples=tried, facts=facts)


def _which_failed(failed: Sequence[Deployment], tried: int, at: datetime) -> str:
    newest = max(failed, key=lambda one: one.at)
    never = sum(one.outcome == "running" for one in failed)
    ended = f", {never} of them began and never ended" if never else ""
    return (
        f"{len(failed)} of {number_of(tried, 'deployment')} failed{ended};"
        f" the last one {age_text(at - newest.at)} ago, commit {safe_text(newest.commit[:7], 7)}"
    )


def _count(question: Question, log: Log) -> Found:
    if not log.deployments and not log.known:
        return missing(question, _nothing(log, "deployment"))
    worked = len(log.succeeded)
    facts: dict[str, str | int] = {"deployments": len(log.deployments), "succeeded": worked}
    return _value(question, Decimal(worked), "", samples=len(log.deployments), facts=facts)


def _duration(question: Question, log: Log) -> Found:
    lengths = _lengths(log)
    if not lengths:
        return missing(question, _nothing(log, "successful deployment"))
    waited = _median(one.waited for one in log.succeeded)
    facts: dict[str, str | int] = {"deployments": len(lengths)}
    if waited >= 1:
        facts["note"] = f"of which {_length(waited)} before it began"
    return _value(question, from_float(_median(lengths)), "s", samples=len(lengths), facts=facts)


def _since_last(question: Question, log: Log) -> Found:
    ended = [one.ended or one.at for one in log.succeeded]
    if not ended:
        why = f"none of the last {len(log.deployments)} deployments to {safe_text(log.environment, 60)} succeeded"
        return missing(question, why if log.deployments else _nothing(log, "deployment"))
    since = max(0.0, (question.at - max(ended)).total_seconds())
    return _value(question, from_float(since), "s", samples=1)


def _friction(question: Question, log: Log, other: Log) -> Found:
    """Production's median time over staging's; beside it how often each fails, and what staging skips."""
    here, there = _lengths(log), _lengths(other)
    lacking = [each for each, lengths in ((log, here), (other, there)) if not lengths]
    if lacking:
        return missing(question, "; ".join(_nothing(each, "successful deployment") for each in lacking))
    mine, theirs = _median(here), _median(there)
    if mine <= 0:
        return missing(
            question, f"deployments to {safe_text(log.environment, 60)} say that they took no time"
        )
    said = [_takes(each, question.at) for each in (log, other)]
    skipped = skips(log, other)
    if skipped:
        said.append(f"{safe_text(log.environment, 60)} skips {_listed(skipped)}")
    elif skipped is None:
        said.append("their steps are not known")
    facts: dict[str, str | int] = {"note": "; ".join(said), "deployments": len(here) + len(there)}
    if skipped is not None:
        facts["skipped_steps"] = len(skipped)
    ratio = from_float(round(theirs / mine, 4))
    return _value(question, ratio, "", samples=min(len(here), len(there)), facts=facts)


def _takes(log: Log, at: datetime) -> str:
    lengths, failed = _lengths(log), log.failed(at)
    tried = len(log.succeeded) + len(failed)
    steps = "" if log.steps is None else f" in {number_of(len(log.steps), 'step')}"
    return (
        f"{safe_text(log.environment, 60)} takes {_length(_median(lengths))}{steps},"
        f" and {len(failed)} of {number_of(tried, 'deployment')} failed"
    )


def _skipped_steps(question: Question, log: Log, other: Log) -> Found:
    skipped = skips(log, other)
    if skipped is None:
        lacking = [each for each in (log, other) if each.steps is None]
        words = [
            _nothing(each, "successful deployment")
            if not each.succeeded
            else f"the steps of deployments to {safe_text(each.environment, 60)} are not known"
            for each in lacking
        ]
        return missing(question, "; ".join(words))
    facts: dict[str, str | int] = {"steps": len(other.steps or ())}
    if skipped:
        facts["because"] = f"{safe_text(log.environment, 60)} skips {_listed(skipped)}"
    return _value(question, Decimal(len(skipped)), "", facts=facts)


def skips(log: Log, other: Log) -> list[str] | None:
    """The steps that ``other`` takes and ``log`` does not, in their order; ``None`` where either is not known.

    “Deploy to production” and “Deploy to staging” are the same step.
    """
    if log.steps is None or other.steps is None:
        return None
    taken = {_alike(step, log.environment) for step in log.steps}
    return [step for step in other.steps if _alike(step, other.environment) not in taken]


def _alike(step: str, environment: str) -> str:
    return re.sub(re.escape(environment.casefold()), "…", step.casefold()) if environment else step.casefold()


def _median(numbers: Iterable[float]) -> float:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _lengths(log: Log) -> list[float]:
    return [seconds for one in log.succeeded if (seconds := one.seconds) is not None]


def _nothing(log: Log, what: str) -> str:
    name = safe_text(log.environment, 60)
    if log.known or not log.elsewhere:
        return f"no {what} to {name} in the window" if log.known else f"no deployment to {name} is known"
    return f"nothing was ever deployed to {name}; there are deployments to {_listed(log.elsewhere)}"


def _listed(names: Sequence[str]) -> str:
    return some_of([f"“{safe_text(name, 60)}”" for name in names], _NAMED)


def _length(seconds: float) -> str:
    return age_text(timedelta(seconds=seconds))


def _value(
    question: Question,
    value: Decimal,
    natural: str,
    *,
    samples: int | None = None,
    facts: dict[str, str | int] | None = None,
) -> Found:
    converted, unit = in_unit(value, natural, question.unit)
    return Found(
        state="ok", measured_at=question.at, value=converted, unit=unit, samples=samples, facts=facts or {}
    )
