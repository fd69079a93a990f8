"""Which gates a release passes: those that name its kind, and a short path of three for a hotfix without its own."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from workbench.definitions.project import Definitions
from workbench.definitions.shapes import Gate, Project, ReleaseKindName, Requirement, RoleCount, SignPolicy

REGULAR: ReleaseKindName = "regular"
HOTFIX: ReleaseKindName = "hotfix"
PLAN, SMOKE, GO = "hotfix-plan", "hotfix-smoke", "hotfix-go"
TITLES = {PLAN: "What it fixes, and how to roll back", SMOKE: "Smoke test", GO: "Go"}
_ABOUT = "One of the three gates that a hotfix passes, where the project has none of its own for it."


def gates_for(project: Project, kind: str, passed: Collection[str] = ()) -> list[Gate]:
    """The gates that a release of that kind passes, in order.

    Those that name the kind under ``for:``; where none does, a regular release and a rollback pass those that
    name nothing, and a hotfix three of ours.  ``passed`` are the keys of gates that somebody has signed for the
    release: a hotfix that is on the project's ordinary way stays on it.
    """
    named = [gate for gate in project.gates if kind in gate.for_]
    ordinary = [gate for gate in project.gates if not gate.for_]
    if kind == REGULAR:
        return [gate for gate in project.gates if not gate.for_ or kind in gate.for_]
    if named:
        return named
    if kind == HOTFIX and not any(gate.key in passed for gate in ordinary):
        return hotfix_gates(project)
    return ordinary


def hotfix_gates(project: Project) -> list[Gate]:
    """The three: what it fixes and how to roll back, a smoke test, go.

    The smoke test is what the project's gates ask of tests; where none does, somebody signs that it passed.
    One person says go, in the role that signs last for a regular release.
    """
    described = Requirement(key="release_described", kind="release_described")
    sources = {
        item.key: item for gate in project.gates for item in gate.requires if item.kind == "tests_green"
    }
    role, own = _who_signs(project)
    smoke = (
        None
        if sources or role is None
        else _signed(role, "I have run the smoke test on this build, and it passed.", own=True)
    )
    go = (
        None
        if role is None
        else _signed(role, "I have read what it fixes and how to roll back, and let it go out.", own=own)
    )
    return [
        Gate(key=PLAN, title=TITLES[PLAN], about=_ABOUT, requires=[described], for_=[HOTFIX]),
        Gate(
            key=SMOKE,
            title=TITLES[SMOKE],
            about=_ABOUT,
            requires=list(sources.values()),
            sign=smoke,
            for_=[HOTFIX],
        ),
        Gate(key=GO, title=TITLES[GO], about=_ABOUT, sign=go, for_=[HOTFIX]),
    ]


def for_release(definitions: Definitions, kind: str, passed: Collection[str] = ()) -> Definitions:
    """The definitions as a release of that kind is judged by them."""
    gates = gates_for(definitions.project, kind, passed)
    if gates == definitions.project.gates:
        return definitions
    project = msgspec.structs.replace(definitions.project, gates=gates)
    return msgspec.structs.replace(definitions, project=project)


def _who_signs(project: Project) -> tuple[str | None, bool]:
    """The role that signs last, and whether an author may sign for their own build."""
    policies = [
        gate.sign for gate in project.gates if gate.sign is not None and gate.sign.roles and not gate.for_
    ]
    if policies:
        return policies[-1].roles[0].role, policies[-1].own
    return next((role for person in project.people for role in person.roles), None), False


def _signed(role: str, meaning: str, *, own: bool) -> SignPolicy:
    return SignPolicy(roles=[RoleCount(role=role)], own=own, meaning=meaning)
