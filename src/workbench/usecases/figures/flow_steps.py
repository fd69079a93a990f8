"""DIM-2 and DIM-3: how a flow's steps run in an environment, and whether what stands for a service is equal to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from workbench.definitions.shapes import Probe
from workbench.flows.steps import STAGING, Reality, Step
from workbench.usecases.figures.asked import Answer, Asking

_STANDS_IN = (Reality.MOCKED, Reality.SANDBOXED)


class _Test(msgspec.Struct, frozen=True):
    """The equivalence test of what stands for a service: whether it passed, when, and what to say of it."""

    passed: bool
    at: datetime | None = None
    words: str = ""
    probe: str = ""
    replayed: bool = False


def mocks_equivalent(asking: Asking) -> Answer:
    """The share of the flow's mocked and sandboxed services whose equivalence test has passed."""
    steps = _steps(asking)
    if isinstance(steps, Answer):
        return steps
    mocked = dict.fromkeys(_name(step) for step, how in steps if how in _STANDS_IN)
    if not mocked:
        note = "no step is mocked or sandboxed"
        return Answer(at=asking.context.now, value=Decimal(1), unit="share", note=note, of=0)
    tests = {name: _test(asking, name, only=len(mocked) == 1) for name in mocked}
    return _share(asking, tests, of=len(mocked))


def steps_real(asking: Asking) -> Answer:
    """The share of the flow's steps that run for real; a sandbox counts once its equivalence test has passed."""
    steps = _steps(asking)
    if isinstance(steps, Answer):
        return steps
    stands_in = dict.fromkeys(_name(step) for step, how in steps if how in _STANDS_IN)
    tests: dict[str, _Test] = {}
    for step, how in steps:
        if how is Reality.REAL:
            tests[step.operation] = _Test(passed=True)
        elif how is Reality.SANDBOXED:
            tests[step.operation] = _test(asking, _name(step), only=len(stands_in) == 1)
        else:
            tests[step.operation] = _Test(passed=False, words=f"{step.operation} is {how.value}")
    return _share(asking, tests, of=len(steps))


def _share(asking: Asking, tests: Mapping[str, _Test], of: int) -> Answer:
    passed = sum(test.passed for test in tests.values())
    looked = [test.at for test in tests.values() if test.at is not None]
    open_ = [test for test in tests.values() if not test.passed]
    return Answer(
        at=min((asking.context.now, *looked)),
        value=Decimal(passed) / of,
        unit="share",
        because="; ".join(test.words for test in open_),
        probe=next((test.probe for test in open_ if test.probe), ""),
        of=of,
        replayed=any(test.replayed for test in tests.values()),
    )


def _steps(asking: Asking) -> Sequence[tuple[Step, Reality]] | Answer:
    """The steps of the flow with how each runs in the environment, or why that is not known."""
    flow = asking.flow
    if flow is None:
        return asking.missing("its flow is not known here")
    if not flow.every_step:
        return asking.missing("the steps of its flow are not listed")
    found, unknown = [], []
    for step in flow.every_step:
        how = step.runs.get(asking.environment) or step.runs.get(STAGING)
        # Steps that say nothing are real where the others are listed as not being so: FI-1 as it always was.
        if how is None and flow.mocked_steps:
            how = Reality.REAL
        if how is None:
            unknown.append(step.operation)
        else:
            found.append((step, how))
    if unknown:
        return asking.missing(f"it is not said how these steps run: {', '.join(unknown[:3])}")
    return found


def _name(step: Step) -> str:
    return step.service or step.operation


def _test(asking: Asking, name: str, *, only: bool) -> _Test:
    """The equivalence test of what stands for a service: the simulation probe that has its name.

    A flow with one such service needs no name: any simulation probe of the flow is its test.
    """
    probes = [probe for probe in asking.probes("simulation") if only or _names(probe, name)]
    if not probes:
        return _Test(passed=False, words=f"no probe of kind simulation tests {name}")
    tests = [_last(asking, probe, name) for probe in probes]
    return next((test for test in tests if not test.passed), tests[0])


def _last(asking: Asking, probe: Probe, name: str) -> _Test:
    run = asking.last_run(probe)
    if isinstance(run, Answer):
        return _Test(False, None, f"{name}: {run.why}", probe.key, run.replayed)
    passed = run.state == "pass"
    words = "" if passed else f"{name}: its equivalence test, {probe.key}, did not pass"
    return _Test(passed, run.at, words, probe.key, run.mark == "replayed")


def _names(probe: Probe, service: str) -> bool:
    named = service.casefold()
    return named in probe.key.casefold() or named in probe.title.casefold()
