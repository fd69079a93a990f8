"""What a kind of requirement says about itself: everything, so that its file is the only place.

A kind is added by a folder in ``gates/kinds`` and its name in the list there: the folder itself
says what the kind looks like in YAML, its ``judging`` ends with the ``KIND`` that is described here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.checklists.model import Fact
from workbench.gates.facts import Facts, Need
from workbench.gates.model import Part
from workbench.model.kinds import RequirementKind
from workbench.sources.reading import Role

C = TypeVar("C", bound=msgspec.Struct)


class Rest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that a signature rests on.

    Only ``stands`` decides whether it still holds, in plain values that a later version can
    lift.  ``title`` and ``told``, what is worth knowing about it, are for people; ``ended`` says
    that nothing but time made it so.
    """

    key: str
    title: str
    stands: Mapping[str, Any]
    ended: bool = False
    told: str = ""


class Alteration(msgspec.Struct, frozen=True):
    """One thing that is no longer as it was signed.

    ``lapse`` says that only time did it; ``follows`` that it comes of another change.
    """

    words: str
    lapse: bool = False
    follows: bool = False


class Since(msgspec.Struct, frozen=True):
    """What else happened since: until when is compared, and whether the candidate is another."""

    until: datetime
    new_candidate: bool = False


class Kind(Generic[C]):
    """One kind of requirement.

    ``asked`` is what files say about it (:class:`workbench.model.kinds.Kind`).  ``lists``:
    its parts are things of their own, which a line about one has to name; otherwise a part
    is the requirement itself.  ``fact`` is the automatic fact that it answers checklists
    with.  ``flaky``: its lines are checks that may be quarantined.  ``version`` grows when what
    :meth:`rests` says changes its meaning.
    """

    asked: ClassVar[RequirementKind]
    lists: ClassVar[bool] = False
    fact: ClassVar[str] = ""
    flaky: ClassVar[bool] = False
    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """What files and documents call it."""
        return self.asked.name

    @property
    def config(self) -> type[msgspec.Struct]:
        """Its shape in YAML."""
        return self.asked.config

    @property
    def follows(self) -> bool:
        """Whether its state says nothing that its rests do not say already."""
        return type(self).rests is not Kind.rests

    def needs(self, asks: C) -> Iterable[Need[Any]]:
        """The questions to the record that its parts and rests are made from."""
        return ()

    def title(self, asks: C, facts: Facts) -> str:
        """What a requirement is called that has no title of its own."""
        raise NotImplementedError

    def parts(self, asks: C, facts: Facts) -> Iterable[Part]:
        """Its lines in a gate, overrides left out."""
        raise NotImplementedError

    def nothing(self, asks: C, facts: Facts) -> str:
        """Why it has no parts, where it has none: a requirement that selects nothing is not met."""
        return "it selects nothing"

    def only_time(self, asks: C, facts: Facts) -> bool:
        """Whether it is not met for no other reason than that time has passed."""
        return False

    def rests(self, asks: C, facts: Facts) -> Iterable[Rest]:
        """What a signature rests on beside the requirement's state."""
        return ()

    def lift(self, version: int, stands: Mapping[str, Any]) -> Mapping[str, Any]:
        """What an older version of this kind wrote, as this version would have."""
        return stands

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        """What happened to one rest, in words; ``None`` if there are none, and then it has changed."""
        return None

    def answer(self, asked: Sequence[C], facts: Facts) -> Fact:
        """The automatic fact, given all requirements of this kind in the project."""
        raise NotImplementedError

    def moments(self, asks: C, facts: Facts) -> Iterable[datetime]:
        """When it may turn by itself, by the clock alone; moments that are past do no harm."""
        return ()

    # --- what some kinds have more ---------------------------------------------------------

    def verdicts(self, asks: C, facts: Facts) -> Iterable[Judged]:
        """The benchmarks that it speaks of, advisory ones too."""
        return ()

    def pins(self, asks: C, facts: Facts) -> Mapping[str, Sequence[str]]:
        """The measurements that count while sign-off is open, by subject."""
        return {}

    def tests(self, asks: C) -> Iterable[str]:
        """The sources whose test runs it needs."""
        return ()

    def listed(self, asks: C) -> Iterable[tuple[Role, str]]:
        """The sources that it counts things of one by one, each with which: ``("findings", "trivy")``."""
        return ()

    def summary(self, asked: Sequence[C], facts: Facts, overridden: Collection[str] = ()) -> str:
        """What somebody who signs is told about all of this kind in a line; "" for nothing.

        ``overridden`` are the keys of parts that the release was let past.
        """
        return ""
