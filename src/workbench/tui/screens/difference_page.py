"""One difference on a page of its own: every field, the evidence, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from workbench.definitions.shapes import Mark as Place
from workbench.model.times import relative_text
from workbench.parity.fields import FIELDS
from workbench.tui.actions import Action
from workbench.tui.screens import parity_deciding, parity_forms
from workbench.tui.screens.record_page import RecordPage, Shown, silent_blocks
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Title, pairs
from workbench.usecases.context import Context
from workbench.usecases.views.difference import DifferencePage, read_page
from workbench.usecases.views.parity import about, facts, gate_of_differences, standing
from workbench.usecases.views.standing import benchmarks_in_doubt


class DifferenceScreen(RecordPage):
    """A difference to read in full, to edit, and to decide on."""

    MODE: ClassVar[str] = "difference"
    ROWS_OF = ("difference",)
    OWN = (
        Action("edit_difference", "e", "edit all fields in a form", 8),
        Action("decide", "d", "decide on the difference", 9),
        Action("attach_evidence", "a", "attach evidence: a link, a file or a note", 6),
        Action("probe", "p", "run the probe that watches it", 5),
        Action("remove_difference", "delete", "remove the difference, because it no longer exists", 4),
    )

    _probe = ""  # that watches it

    async def read(self) -> Shown | None:
        page = await self.work.desk.call(read_page, self.key)
        if page is None:
            return None
        detail = page.detail
        self._probe = detail.watch.probe if detail.watch and detail.watch.title else ""
        return Shown(detail.difference.title, about(detail, self.who), self._blocks(page))

    def _blocks(self, page: DifferencePage) -> list[Block]:
        detail, zone = page.detail, self.zone()
        value = detail.difference
        blocks: list[Block] = pairs(facts(detail, standing(self.evaluation), zone, self.who))
        if self.evaluation is not None and (doubted := benchmarks_in_doubt(self.evaluation, value)):
            blocks.append(Pair("In doubt", ", ".join(doubted), Mark.WARNS))
        if value.impact:
            blocks += [Gap(), Title("Impact"), Paragraph(value.impact)]
        blocks += silent_blocks(FIELDS, value, zone)
        blocks += [Gap(), Title("Evidence")]
        for piece in page.evidence:
            when = relative_text(piece.at, detail.now)
            blocks.append(Pair(piece.kind, f"{piece.title}, {self.who(piece.by)}, {when}"))
        if not page.evidence:
            blocks.append(Paragraph("none · a to attach a link, a file or a note", Role.MUTED))
        return blocks + self.past_blocks(page.past)

    def place(self) -> Place | None:
        """The gate that asks for decisions."""
        gate = gate_of_differences(self.view.definitions.project)
        return self.view.definitions.mark("gate", gate.key) if gate is not None else None

    async def do_edit_difference(self) -> None:
        """All its fields."""
        await parity_forms.open_edit(self, self.key)

    def obstacle(self, id: str) -> str | None:
        if id == "probe" and not self._probe:
            return "no probe watches it"
        return None

    async def do_probe(self) -> None:
        """Look again."""
        from workbench.tui.probing import run_probes

        await run_probes(self, [self._probe])

    async def do_decide(self) -> None:
        """What is done about it."""
        await parity_deciding.decide_or_approve(self, [self.key], standing(self.evaluation))

    def do_attach_evidence(self) -> None:
        """A link, a file or a note that backs what the difference says."""
        from workbench.tui.screens.attaching import check_evidence, evidence_fields
        from workbench.tui.widgets.form import FormScreen, Values

        async def submit(values: Values) -> None:
            await self.submit(_attach, self.key, values["what"], values["title"])
            self.say("attached · u undo")

        self.app.push_screen(
            FormScreen(
                "Attach evidence", evidence_fields(), check=check_evidence, submit=submit, save_label="attach"
            )
        )

    async def do_remove_difference(self) -> None:
        """It no longer exists."""
        await parity_forms.open_remove(self, [self.key])


def _attach(context: Context, key: str, what: str, title: str) -> None:
    from workbench.usecases import answering, mapping
    from workbench.usecases.evidence_typed import read_evidence

    stored, _ = mapping.find_difference(context, key)
    given = read_evidence(what)
    evidence = answering.evidence_for(
        context,
        mapping.subject_of(stored),
        link=given.link,
        file=given.file,
        note=given.note,
        title=title.strip(),
    )
    mapping.attach(context, stored, evidence)
