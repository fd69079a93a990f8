"""By control: which gates and requirements serve it, what each release of the period has to show for it, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from workbench.definitions.shapes import Gate
from workbench.gates.model import State
from workbench.model.text import safe_text
from workbench.usecases.auditing.shapes import Control, ControlLine, GateOutcome, Shipped


def controls_of(
    gates: Sequence[Gate], shipped: Sequence[Shipped], held: Callable[[str], bool]
) -> tuple[Control, ...]:
    """Every control that a gate or a requirement names, in the order of its name; ``held`` says of a digest whether it is here."""
    served: dict[str, list[tuple[Gate, str]]] = {}
    for gate in gates:
        for key in gate.satisfies:
            served.setdefault(key, []).append((gate, ""))
        for requirement in gate.requires:
            for key in requirement.satisfies:
                served.setdefault(key, []).append((gate, requirement.key))
    return tuple(_control(key, by, shipped, held) for key, by in sorted(served.items()))


def _control(
    key: str, by: Sequence[tuple[Gate, str]], shipped: Sequence[Shipped], held: Callable[[str], bool]
) -> Control:
    lines = tuple(
        line for release in shipped for gate, asked in by if (line := _line(release, gate, asked, held))
    )
    gaps = [] if shipped else ["no release went out in this period"]
    gaps += [
        f"{one.version} shows nothing for it"
        for one in shipped
        if not any(line.release == one.version for line in lines)
    ]
    names = tuple(f"{gate.key}/{asked}" if asked else gate.key for gate, asked in by)
    return Control(key=safe_text(key, 200), served_by=names, lines=lines, gaps=tuple(gaps))


def _line(release: Shipped, gate: Gate, asked: str, held: Callable[[str], bool]) -> ControlLine | None:
    """What one release shows; ``None`` where the gate is not for its kind of release."""
    if gate.for_ and release.kind not in gate.for_:
        return None
    found = next((one for one in release.gates if one.gate == gate.key), None)
    if found is None:
        why = "its report is not kept" if not release.report else "the gate was not part of what it passed"
        return ControlLine(release=release.version, gate=gate.key, requirement=asked, gaps=(why,))
    evidence = tuple(filter(None, (release.report, *found.statements)))
    gone = sum(not held(digest) for digest in evidence)
    missing = (
        (f"{gone} of its {len(evidence)} documents {'is' if gone == 1 else 'are'} not kept here",)
        if gone
        else ()
    )
    return ControlLine(
        release=release.version,
        gate=gate.key,
        requirement=asked,
        signed_by=found.signed_by,
        evidence=evidence,
        gaps=(*_gaps(release, found, gate, asked), *missing),
    )


def _gaps(release: Shipped, found: GateOutcome, gate: Gate, asked: str) -> Iterator[str]:
    if release.break_glass:
        yield "one person let it out past its gates"
    if asked:
        yield from _of_requirement(found.requirements, asked)
        return
    if not found.through:
        yield "the gate had not passed"
    if gate.sign and gate.sign.roles and not found.signed_by:
        yield "nobody had signed it"
    if found.excepted:
        yield f"{found.excepted} of its lines were overridden or quarantined"


def _of_requirement(states: Iterable[tuple[str, str]], asked: str) -> Iterator[str]:
    state = dict(states).get(asked)
    if state is None:
        yield "it was not asked for then"
    elif state == State.NOT_MET.value:
        yield "it was not met"
    elif state == State.OVERRIDDEN.value:
        yield "it was overridden"
    elif state == State.NOT_APPLICABLE.value:
        yield "it did not apply"
