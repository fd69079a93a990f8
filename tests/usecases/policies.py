"""A project whose gates have policies of every sort, for the tests of signatures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests import building as build

from workbench.record import Commit
from workbench.releases.model import Candidate
from workbench.signoff.conclude import Concluded
from workbench.signoff.model import Decision
from workbench.usecases import delegating, releasing, signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

PEOPLE = """\
  - {key: kim, name: Kim, roles: [owner]}
  - {key: robin, name: Robin, roles: [owner, security]}
  - {key: sam, name: Sam, roles: [security]}
  - {key: jo, name: Jo, roles: [developer]}
  - {key: ada, name: Ada, roles: [developer]}
"""


def project(*policies: str, people: str = PEOPLE, keys: str = "one two three") -> str:
    """Gates that ask for signatures only, each with what stands under ``sign:``."""
    gates = "".join(
        f"  - {{key: {key}, title: {key.title()}, requires: [{{not_frozen: {{}}}}], sign: {policy}}}\n"
        for key, policy in zip(keys.split(), policies, strict=False)
    )
    head = "project: shop\ntimezone: Europe/Amsterdam\nenvironments:\n  - {key: staging, kind: staging}\n"
    return f"{head}people:\n{people}gates:\n{gates}"


@contextmanager
def opened(
    root: Path, text: str, *, author: str = "jo", now: datetime = build.NOW, person: str = "kim"
) -> Iterator[Context]:
    """The project with release 2.0.0 and a build of ``author``."""
    build.write(root, text)
    with build.opened(root, person, now) as context:
        build_ = Candidate(release="", number=0, commit=build.SHA, author=author)
        releasing.plan(context, releasing_release(), build_)
        yield context


def releasing_release() -> releasing.Release:
    return releasing.Release(version="2.0.0")


def sign(
    context: Context,
    gate: str,
    person: str,
    decision: str = "approve",
    *,
    role: str | None = None,
    for_person: str | None = None,
    **more: object,
) -> Commit:
    """Somebody's answer, for themselves or for whoever delegated it."""
    here = build.who(context, person)
    shown = signing.prepare(here, evaluate(here), gate, role, for_person)
    return signing.sign(here, shown, signing.Answer(decision=Decision(decision), **more))  # type: ignore[arg-type]


def lend(context: Context, person: str, role: str, to: str, *, days: float = 10, **more: object) -> Commit:
    """Somebody's delegation, for so many days."""
    here = build.who(context, person)
    until = build.later(here, days=days).now
    said = {"reason": "on holiday in the mountains", **more}
    return delegating.delegate(here, role, to, until=until, **said)  # type: ignore[arg-type]


def gate(context: Context, key: str) -> Concluded:
    return evaluate(context).gate(key)


def states(context: Context, key: str) -> list[tuple[str, str]]:
    """Each answer on a gate: who gave it, and whether it holds."""
    return [(view.signer, view.currency.value) for view in gate(context, key).signoffs]
