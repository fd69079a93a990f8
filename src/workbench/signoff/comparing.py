"""What was signed, as it was kept, compared with what stands now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.gates.facts import Facts
from workbench.gates.kind import Alteration
from workbench.gates.model import GateResult
from workbench.signoff import basis_1
from workbench.signoff.alterations import alterations
from workbench.signoff.basis import Basis, Section, sections_of
from workbench.signoff.model import SignOff

Document = Mapping[str, Any]


class Kept:
    """The documents behind signatures.  ``document`` finds one by its digest, or ``None``."""

    def __init__(
        self, document: Callable[[str], Document | None], results: Sequence[GateResult], facts: Facts
    ) -> None:
        self._document = document
        self._results = results
        self._facts = facts
        self._present: basis_1.Present | None = None

    def changes(self, value: SignOff, now: Basis) -> list[Alteration]:
        """What is no longer as it was signed, in words; nothing if all stands."""
        document = self._document(value.basis)
        if document is None:
            return [Alteration("what was signed is not kept")]
        try:
            then = self._sections(document)
        except ValueError:
            return [Alteration("what was signed cannot be read by this version of the workbench")]
        return alterations(then, now.sections, self._facts.now, self._titles(value.shown))

    def _sections(self, document: Document) -> Sequence[Section]:
        if "schema" in document:
            return sections_of(document)
        if self._present is None:
            self._present = basis_1.present(self._results, self._facts)
        return basis_1.lift(document, self._present)

    def _titles(self, shown: str) -> Mapping[tuple[str, str], str]:
        """What things were called when they were shown, by kind and key."""
        document = self._document(shown) or {}
        rests = document.get("rests_on")
        if not isinstance(rests, list):
            return {}
        return {(item["kind"], item["key"]): item["title"] for item in rests}
