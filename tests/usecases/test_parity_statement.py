"""The parity statement of a release: drafted from what is known, kept, edited, and marked sentence by sentence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from tests.building import (
    NOW,
    SHOP,
    add_difference,
    clear,
    decide,
    figures,
    measured,
    shop,
    sign,
    who,
)

from workbench.definitions.shapes import Category
from workbench.environments.model import Refresh, refresh_change
from workbench.model.errors import NotAllowed, UsageError
from workbench.parity.claims import Topic
from workbench.parity.model import Difference, edited
from workbench.probes import captured
from workbench.probes.runs import Planted, ProbeProof, ProbeRun, definition_of, proof_change, run_change
from workbench.usecases import parity_statement, shipping, undoing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.noting import written
from workbench.usecases.parity_statement import Statement, read_here
from workbench.usecases.reporting.signed import shown_document
from workbench.usecases.scripting.acts import tell
from workbench.usecases.scripting.model import Command
from workbench.usecases.views.signing_session import lines_of, session_of
from workbench.usecases.views.statement import headline

PROBED = (
    SHOP
    + "probes:\n  - {key: flags, kind: configuration, title: Flags are those of production, staging: a.env, production: b.env}\n"
)


def texts(found: Statement, topic: Topic = Topic.DATA_FIDELITY) -> list[str]:
    return [item.claim.text for item in found.of(topic)]


def change(context: Context, ident: str, **fields: str) -> None:
    stored = context.record.get("difference", ident)
    assert stored is not None
    value = msgspec.structs.replace(stored.decode(Difference), **fields)
    commit(context, [edited(stored, value)])


def orders(context: Context, **fields: str) -> str:
    said = {"category": "data", "staging": "0 %", "production": "3 %", "flows": ("checkout",), **fields}
    return add_difference(context, "null notes", **said)


def test_a_project_that_knows_nothing_says_that_nothing_is_known(tmp_path: Path) -> None:
    with shop(tmp_path) as context:
        found = read_here(context)
        assert not found.kept
        assert texts(found) == ["Data fidelity is not known: nothing that was measured speaks of it."]
        assert not found.of(Topic.SECURITY)


def test_a_difference_is_told_with_its_values_flows_and_decision(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        ident = orders(context)
        assert texts(read_here(context)) == [
            "Data fidelity is low.",
            "Null notes (0 % in staging, 3 % in production) touches Checkout and is undecided.",
        ]
        decide(context, ident, "mitigate", mitigation="A test.", until=NOW + timedelta(days=77))
        assert texts(read_here(context)) == [
            "Data fidelity is medium.",
            "Null notes (0 % in staging, 3 % in production) touches Checkout and is mitigated until 1 Dec: A test.",
        ]


def test_benchmarks_that_pass_make_tests_reliable(tmp_path: Path) -> None:
    with shop(tmp_path) as context:
        figures(context)
        found = read_here(context)
        assert texts(found, Topic.TEST_RELIABILITY)[0] == "Test reliability is high."
        assert "Checkout p95: 0.46 s in staging, within its limit of 0.54 s." in texts(
            found, Topic.TEST_RELIABILITY
        )


def test_changing_one_figure_marks_exactly_that_sentence(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        figures(context)
        ident = orders(context)
        add_difference(context, "load balancer", production="2")
        parity_statement.keep(context)
        assert not read_here(context).misfitting
        change(context, ident, production="4 %")
        (marked,) = read_here(context).misfitting
        assert marked.claim.short == ident[-12:]
        assert [each.words for each in marked.misfits] == ["production was 3 %, is now 4 %"]
        measured(context, "p95", "0.48", ago=timedelta(minutes=1))
        assert {item.claim.short for item in read_here(context).misfitting} == {ident[-12:], "p95"}


def test_a_sentence_about_what_was_removed_no_longer_fits(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        ident = orders(context, severity="low")
        parity_statement.keep(context)
        stored = context.record.get("difference", ident)
        assert stored is not None
        from workbench.parity.model import removed

        commit(context, [removed(stored, "It is repaired")])
        (marked,) = read_here(context).misfitting
        assert {each.now for each in marked.misfits} == {""}
        parity_statement.redraft(context)
        assert texts(read_here(context)) == [
            "Data fidelity is not known: nothing that was measured speaks of it."
        ]


def test_editing_keeps_the_rest_and_takes_the_figures_of_today(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        ident = orders(context)
        parity_statement.edit(context, ident[-12:], "Orders without notes  never occur here.")
        found = read_here(context)
        assert found.kept and found.by == "kim"
        assert texts(found)[1] == "Orders without notes never occur here."
        assert headline(found) == "kept by kim, 1 edited"
        change(context, ident, staging="1 %")
        assert len(read_here(context).misfitting) == 1
        parity_statement.keep(context, [ident[-12:]])
        assert not read_here(context).misfitting
        assert texts(read_here(context))[1] == "Orders without notes never occur here."


def test_an_edited_sentence_is_not_drafted_again_unless_it_is_named(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        ident = orders(context)
        parity_statement.edit(context, ident[-12:], "Own words.")
        change(context, ident, staging="1 %")
        with pytest.raises(UsageError, match="suggests nothing else"):
            parity_statement.redraft(context)
        parity_statement.redraft(context, [ident[-12:]])
        assert "1 % in staging" in texts(read_here(context))[1]


def test_a_sentence_of_ones_own_rests_on_the_rows_it_names(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        figures(context)
        ident = orders(context)
        parity_statement.add(context, Topic.SECURITY, "The vault is shared.", ["null notes", "p95"])
        (own,) = read_here(context).of(Topic.SECURITY)
        assert own.claim.key == "security/own-1"
        assert {figure.row for figure in own.claim.figures} == {f"difference/{ident}", "benchmark/p95"}
        change(context, ident, staging="1 %")
        (own,) = read_here(context).of(Topic.SECURITY)
        assert [each.words for each in own.misfits] == ["null notes: staging was 0 %, is now 1 %"]
        with pytest.raises(UsageError, match="there is no difference"):
            parity_statement.add(context, Topic.SECURITY, "x y", ["nothing like it"])


def test_a_sentence_that_was_left_out_stays_away_until_it_is_asked_for(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        ident = orders(context)
        parity_statement.leave_out(context, ident[-12:])
        found = read_here(context)
        assert texts(found) == ["Data fidelity is low."]
        assert not found.fresh
        parity_statement.redraft(context, [ident[-12:]])
        assert len(texts(read_here(context))) == 2


def test_what_the_record_would_add_is_told_and_kept_when_asked(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        parity_statement.keep(context)
        with pytest.raises(UsageError, match="kept already"):
            parity_statement.keep(context)
        orders(context)
        found = read_here(context)
        assert [claim.text for claim in found.fresh] == [
            "Null notes (0 % in staging, 3 % in production) touches Checkout and is undecided."
        ]
        assert [each.claim.key for each in found.misfitting] == ["data-fidelity"]
        parity_statement.redraft(context)
        assert not read_here(context).misfitting
        assert texts(read_here(context))[0] == "Data fidelity is low."


def test_probes_speak_only_as_they_are_defined_and_proven(tmp_path: Path) -> None:
    with shop(tmp_path, PROBED) as context:
        probe = context.definitions.probe("flags")
        assert probe is not None
        topic = Topic.TEST_RELIABILITY
        assert "“Flags are those of production” has not been looked at." in texts(read_here(context), topic)
        run = ProbeRun(
            probe="flags", kind="configuration", state="pass", at=context.now, environment="staging",
            against="production", compared=4, definition=definition_of(probe),
        )  # fmt: skip
        commit(context, [run_change(run, (), context.record.moment(context.clock))[0]])
        said = "“Flags are those of production” holds, but its probe has never been seen to fail."
        assert said in texts(read_here(context), topic)
        proof = ProbeProof(
            probe="flags", kind="configuration", at=context.now, definition=definition_of(probe),
            planted=(Planted(key="flipped", title="a flag is flipped", found=True),),
        )  # fmt: skip
        commit(context, [proof_change(proof, context.record.moment(context.clock))])
        assert "“Flags are those of production” holds." in texts(read_here(context), topic)


def test_what_a_probe_finds_of_another_topic_speaks_of_it_until_the_map_does(tmp_path: Path) -> None:
    with shop(tmp_path, PROBED) as context:
        secret = captured.Change(
            path="a.env/KEY",
            staging="1",
            production="2",
            title="another key",
            secret=True,
            category=Category.SECURITY,
        )
        ran(context, "fail", (secret, captured.Change(path="a.env/POOL", staging="1", production="2")))
        assert texts(read_here(context), Topic.SECURITY) == [
            "Security parity is medium.",
            "“Flags are those of production” has a difference of this kind that is not on the map.",
        ]
        add_difference(context, "another key", category="security", probe="flags", path="a.env/KEY")
        assert not [text for text in texts(read_here(context), Topic.SECURITY) if "is not on the map" in text]


def test_recorded_answers_say_nothing_of_staging(tmp_path: Path) -> None:
    with shop(tmp_path, PROBED) as context:
        ran(context, "pass", mark="replayed")
        said = texts(read_here(context), Topic.TEST_RELIABILITY)
        assert "“Flags are those of production” has not been looked at." in said


def ran(
    context: Context,
    state: Literal["pass", "fail"],
    changes: tuple[captured.Change, ...] = (),
    mark: str = "",
) -> None:
    probe = context.definitions.probe("flags")
    assert probe is not None
    run = ProbeRun(
        probe="flags", kind="configuration", state=state, at=context.now, environment="staging", mark=mark,
        against="production", compared=4, differing=len(changes), definition=definition_of(probe),
    )  # fmt: skip
    commit(context, [run_change(run, changes, context.record.moment(context.clock))[0]])


def test_the_notes_and_the_sheet_print_it_with_its_marks(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        ident = orders(context)
        robin = who(context, "robin")
        assert "no one has read and kept it" in written(context, evaluate(context), "txt")
        parity_statement.keep(context)
        change(context, ident, production="4 %")
        found = evaluate(robin)
        text = " ".join(written(context, found, "txt").split())
        assert "No longer fits: production was 3 %, is now 4 %." in text
        lines = [
            line.text for line in lines_of(session_of(found, found.gate("benchmarks"), "robin", robin.zone))
        ]
        assert any("data fidelity low" in line and "kept by kim" in line for line in lines)
        assert any(line.startswith("no longer fits: Null notes") for line in lines)
        shown = shown_document(found, found.gate("benchmarks"))
        assert [each["misfits"] for each in shown["statement"]["sentences"] if each["misfits"]] == [
            ["production was 3 %, is now 4 %"]
        ]


def test_a_release_that_went_out_keeps_the_statement_it_went_out_with(tmp_path: Path) -> None:
    with shop(tmp_path) as context:
        clear(context)
        parity_statement.keep(context)
        for key, person in (("benchmarks", "robin"), ("go", "kim"), ("go", "sam")):
            sign(context, key, person)
        before = (
            written(context, evaluate(context), "txt")
            .partition("PARITY STATEMENT")[2]
            .partition("WHAT STAGING")[0]
        )
        shipping.ship(context)
        measured(context, "p95", "0.9", ago=timedelta(minutes=1))
        after = (
            written(context, evaluate(context), "txt")
            .partition("PARITY STATEMENT")[2]
            .partition("WHAT STAGING")[0]
        )
        assert before == after != ""
        with pytest.raises(NotAllowed):
            parity_statement.edit(context, "data-fidelity", "Other words.")


def test_undo_takes_back_what_was_kept(tmp_path: Path) -> None:
    with shop(tmp_path) as context:
        parity_statement.keep(context)
        undoing.undo(context)
        assert not read_here(context).kept


def test_security_is_judged_where_the_release_changes_it(tmp_path: Path) -> None:
    with shop(tmp_path) as context:
        from workbench.usecases import releasing

        held = evaluate(context).held
        releasing.edit(context, held, msgspec.structs.replace(held.release, changes=("CH-6",)))
        assert texts(read_here(context), Topic.SECURITY) == [
            "Security parity is not known: nothing that was measured speaks of it."
        ]


def test_how_old_the_data_is_belongs_to_its_fidelity(tmp_path: Path) -> None:
    text = SHOP.replace(
        "{key: staging, kind: staging}",
        "{key: staging, kind: staging, data_strategy: synthetic, fresh_within: 7d}",
    )
    with shop(tmp_path, text) as context:
        assert texts(read_here(context))[1] == "Staging's data is synthetic; how old it is, is not known."
        refresh = Refresh(environment="staging", at=NOW, by="kim", data_of=NOW - timedelta(days=30))
        commit(context, [refresh_change(refresh, "r1", NOW)])
        assert texts(read_here(context)) == [
            "Data fidelity is medium.",
            "Staging's data is synthetic of 16 Aug, older than its limit allows.",
        ]


def test_low_data_fidelity_is_expected_of_an_ephemeral_environment(tmp_path: Path) -> None:
    text = SHOP.replace("{key: staging, kind: staging}", "{key: staging, kind: ephemeral}")
    with shop(tmp_path, text, stated=False) as context:
        orders(context)
        assert texts(read_here(context))[0].startswith("Data fidelity is not known")


def test_what_was_done_to_a_statement_is_told_as_commands(tmp_path: Path) -> None:
    with shop(tmp_path, stated=False) as context:
        ident = orders(context)
        parity_statement.edit(context, ident[-12:], "Own words here.")
        parity_statement.add(context, Topic.SECURITY, "The vault is shared.", ["null notes", "p95"])
        change(context, ident, staging="1 %")
        parity_statement.keep(context, ["null notes"])
        parity_statement.leave_out(context, "null notes")
        lines = [str(line.words) for act in tell(context) for line in act.lines if isinstance(line, Command)]
        said = [line for line in lines if "statement" in line]
        assert len(said) == 4
        assert "'null notes', '--edit', 'Own words here.'" in said[0]
        assert (
            "'--add', 'The vault is shared.', '--topic', 'security', '--on', 'null notes', '--on', 'p95'"
            in said[1]
        )
        assert "'null notes', '--keep'" in said[2] and "'null notes', '--remove'" in said[3]
