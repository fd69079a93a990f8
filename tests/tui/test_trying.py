"""Another criterion tried on a benchmark: what is said once the record was asked."""

from __future__ import annotations

from pathlib import Path

from tests import building as build

from workbench.tui.screens.trying import looked_back, tried
from workbench.tui.theme import Mark
from workbench.tui.widgets.prose import Pair
from workbench.usecases.views.what_if import what_if


def test_a_rule_about_earlier_measurements_is_judged_once_they_were_read(tmp_path: Path) -> None:
    with build.shop(tmp_path / "small", stated=False) as context:
        build.figures(context)
        judged = build.verdict(context, "p95")
        said = [block for block in tried("in control", judged) if isinstance(block, Pair)]
        assert [(block.label, block.text) for block in said][:1] == [("Needs", "earlier measurements")]
        found = what_if(context, "p95", {"pass": "in control"})
    first, *_ = [block for block in looked_back(found, judged) if isinstance(block, Pair)]
    assert (first.label, first.mark) == ("Verdict", Mark.DONE)
    assert first.text.startswith("learning: 0 of 8 earlier measurements")
    assert all(block.label != "Verdict" for block in looked_back(found) if isinstance(block, Pair))
