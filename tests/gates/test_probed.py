"""Requirements about probes: what was not looked at never passes, and what a signature rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.probes.lines import LINES
from tests.probes.on_record import PROBES, failed, know_kinds, proved, ran, shop_text

from workbench.environments import model as environments
from workbench.environments.model import Refresh
from workbench.gates.kinds import KINDS
from workbench.gates.kinds.data_fresh import DataFreshConfig
from workbench.gates.model import Part, RequirementState, State
from workbench.gates.turn import Move
from workbench.model.steps import Job
from workbench.probes.runs import KeptScore
from workbench.usecases import excerpts
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.views.clearing import command
from workbench.usecases.views.next_step import NextSteps

ALIKE = {"POOL": "50", "TTL": "60"}
HOUR = timedelta(hours=1)
Shop = Callable[..., Any]


@pytest.fixture(autouse=True)
def kinds_of_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    know_kinds(monkeypatch, masking=LINES, compatible=LINES, freshness=LINES, same_queries=LINES)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    @contextmanager
    def opened(requirement: str, probes: str = PROBES) -> Iterator[Context]:
        with build.shop(tmp_path / "p", shop_text(probes, requirement)) as context:
            yield context

    return opened


def found(context: Context) -> RequirementState:
    requirement = build.gate(context, "gate").requirements[0]
    assert isinstance(requirement, RequirementState)
    return requirement


def unmet(context: Context) -> Part:
    (part,) = [part for part in found(context).parts if part.state is State.NOT_MET]
    return part


def row(context: Context, path: str = "POOL", **fields: Any) -> str:
    values = {"staging": "5", "production": "50", **fields}
    return build.add_difference(context, path, probe="settings", path=path, **{"severity": "low", **values})


# --- whether a run counts -------------------------------------------------------------------


def test_a_probe_that_never_ran_is_not_met_and_is_to_be_run(shop: Shop) -> None:
    with shop("probes_run: 24h") as context:
        part = unmet(context)
        assert (part.key, part.why, part.title) == ("probe/settings", "never run", "Settings are alike")
        assert command(part.step) == "workbench probe settings"
        assert part.turn is not None and part.turn.move is Move.YOURS


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"mark": "replayed"}, "replayed from a recording, which proves nothing here"),
        ({"ago": 25 * HOUR}, "too old: run 25 h ago, at most 24 h"),
        ({"ago": -timedelta(minutes=3)}, "it ran in the future: a clock is wrong"),
        ({"definition": "another"}, "defined otherwise since it last ran"),
    ],
)
def test_a_run_counts_or_says_why_not(shop: Shop, fields: dict[str, Any], why: str) -> None:
    with shop("probes_run: 24h") as context:
        ran(context, ALIKE, ALIKE, **fields)
        assert unmet(context).why == why


def test_a_probe_that_could_not_look_never_passes_and_makes_the_exit_code_3(shop: Shop) -> None:
    with shop("probes_run: 24h") as context:
        ran(context, ALIKE, ALIKE, ago=HOUR)
        failed(context, "staging: connection refused")
        assert unmet(context).why == "could not look: staging: connection refused" and unmet(context).unasked
        judgement = judgement_of_gate(evaluate(context), "gate")
        assert judgement.exit_code(judgement.gate("gate")) == 3


def test_a_replayed_run_counts_in_a_demonstration(shop: Shop) -> None:
    with shop("probes_run: 24h") as context:
        ran(context, ALIKE, ALIKE, mark="replayed")
        assert found(msgspec.structs.replace(context, demonstration=context.now)).state is State.MET


def test_how_old_it_may_be_is_what_the_gate_says_or_the_probe_or_a_day(shop: Shop) -> None:
    often = PROBES.replace("title:", "every: 2h, title:")
    with shop("probes_run: {}", often) as context:
        ran(context, ALIKE, ALIKE, ago=HOUR)
        assert found(context).state is State.MET
        assert unmet(build.later(context, hours=2)).why == "too old: run 3 h ago, at most 2 h"
        asked = build.rewrite(context, "probes_run: {}", "probes_run: 4h")
        assert found(build.later(asked, hours=2)).state is State.MET


# --- what it found ----------------------------------------------------------------------------


def test_what_is_not_on_the_map_yet_is_undecided(shop: Shop) -> None:
    with shop("probes_run: 24h") as context:
        ran(context, {"POOL": "5", "TTL": "1", "A": "1", "B": "1"}, ALIKE)
        assert unmet(context).why == "4 undecided: A, B, POOL and 1 more"
        assert unmet(context).step is not None and unmet(context).step.job is Job.TAKE_PROPOSALS


def test_a_row_that_nobody_decided_is_to_be_decided(shop: Shop) -> None:
    with shop("probes_run: 24h") as context:
        ran(context, {**ALIKE, "POOL": "5"}, ALIKE)
        ident = row(context)
        part = unmet(context)
        assert part.step is not None and (part.step.job, part.step.subject) == (Job.DECIDE_DIFFERENCE, ident)
        build.decide(context, ident, "accept", reason="staging is a tenth", until=context.now + HOUR)
        assert found(context).why == "Settings are alike: 1 difference, decided on"
        assert unmet(build.later(context, hours=2)).why == "1 undecided: POOL", "the decision has ended"


def test_a_decision_that_was_made_on_other_values_does_not_cover_what_a_run_found(shop: Shop) -> None:
    with shop("probes_run: 24h") as context:
        ran(context, {**ALIKE, "POOL": "5"}, ALIKE)
        build.decide(context, row(context, staging="25"), "accept", reason="staging is half of it")
        assert unmet(context).why == "1 undecided: POOL"


def test_a_high_difference_that_one_person_accepted_is_undecided(shop: Shop) -> None:
    with shop("probes_run: 24h") as context:
        ran(context, {**ALIKE, "POOL": "5"}, ALIKE)
        ident = row(context, severity="high")
        build.decide(context, ident, "accept", alone=True, reason="staging is a tenth")
        assert unmet(context).why == "1 undecided: POOL"
        build.second_person(context, ident)
        assert found(context).state is State.MET


def test_a_policy_may_ask_for_proven_probes_only(shop: Shop) -> None:
    with shop("probes_run: {proven: true}") as context:
        ran(context, ALIKE, ALIKE)
        assert unmet(context).why.startswith("unproven")
        assert command(unmet(context).step) == "workbench probe settings --prove"
        proved(context, found=False)
        assert unmet(context).why.startswith("unproven")
        proved(context)
        assert found(context).state is State.MET


# --- nothing to judge ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requirement", "why"),
    [
        ("probes_run: 24h", "there are no probes"),
        ("masking: {}", "there is no probe of the kind masking"),
        ("compatible: {}", "there is no probe of the kind compatible"),
        ("data_consistency: 95", "there is no probe of the kind same_queries"),
        ("drift_budget: 3", "there are no probes"),
    ],
)
def test_without_a_probe_there_is_nothing_to_judge_and_check_says_so(
    shop: Shop, requirement: str, why: str
) -> None:
    with shop(requirement, "") as context:
        assert (found(context).state, found(context).why) == (State.NOT_MET, f"nothing to judge: {why}")
        (warning,) = context.definitions.warnings
        assert warning.what == f"{why}, so the gate can never pass"


@pytest.mark.parametrize(
    ("requirement", "why"),
    [
        ("probes_run: {flow: refund}", "no probe names the flow “refund”"),
        ("drift_budget: {at_most: 3, region: us}", "no probe looks at the region “us”"),
    ],
)
def test_what_no_probe_fits_is_named(shop: Shop, requirement: str, why: str) -> None:
    with shop(requirement) as context:
        assert found(context).why == f"nothing to judge: {why}"
        assert any(why in warning.what for warning in context.definitions.warnings)


def test_a_probe_that_nobody_knows_is_a_mistake_in_the_file(shop: Shop) -> None:
    from workbench.model.errors import DefinitionError

    with (
        pytest.raises(DefinitionError, match="there is no probe “setings”"),
        shop("probes_run: {probes: [setings]}"),
    ):
        pass


# --- masking, compatible, drift -----------------------------------------------------------------


def test_no_decision_lets_unmasked_data_past(shop: Shop) -> None:
    with shop("masking: {}", PROBES.replace("kind: lines", "kind: masking")) as context:
        ran(context, {"POOL": "5"}, {"POOL": "50"})
        build.decide(context, row(context), "accept", reason="nobody looks at it")
        assert unmet(context).why == "readable in staging: POOL"
        assert (
            NextSteps(judgement_of_gate(evaluate(context), "gate"))
            .of(unmet(context))
            .words.startswith("Mend")
        )


def test_a_drift_budget_counts_what_nobody_meant(shop: Shop) -> None:
    with shop("drift_budget: {at_most: 0, category: configuration}") as context:
        ran(context, {**ALIKE, "POOL": "5"}, ALIKE)
        assert unmet(context).why == "1 of 2 parameters differ, at most 0: POOL"
        assert command(unmet(context).step) == "workbench drift"
        build.decide(context, row(context), "accept", reason="staging is a tenth", until=context.now + HOUR)
        assert found(context).why == "0 of 2 parameters differ, at most 0"
        assert found(build.later(context, hours=2)).state is State.NOT_MET, "what was intended has ended"


def test_a_budget_is_not_kept_where_a_probe_did_not_look(shop: Shop) -> None:
    with shop("drift_budget: 5") as context:
        assert unmet(context).key == "drift/settings"
        failed(context, "refused")
        assert unmet(context).why == "could not look: refused"


# --- data ------------------------------------------------------------------------------------------


def refreshed(context: Context, ident: str, **fields: Any) -> None:
    value = msgspec.convert({"environment": "staging", "at": context.now, "by": "kim", **fields}, Refresh)
    commit(context, [environments.refresh_change(value, ident, context.now)])


PASSED = dict.fromkeys(("rows", "distributions", "plans"), "passed")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Context]:
    text = shop_text("", "data_fresh: {}").replace("kind: staging}", "kind: staging, fresh_within: 2d}")
    with build.shop(tmp_path / "p", text) as context:
        yield context


def test_data_of_which_no_refresh_is_recorded_is_to_be_refreshed(fresh: Context) -> None:
    assert unmet(fresh).why == "not known: no refresh is recorded"
    assert command(unmet(fresh).step) == "workbench environment refresh staging"


def test_a_refresh_counts_once_it_is_validated_and_until_it_is_too_old(fresh: Context) -> None:
    refreshed(fresh, "r1")
    assert "not checked" in unmet(fresh).why
    assert command(unmet(fresh).step).startswith("workbench environment validate staging --rows FOUND")
    refreshed(fresh, "r2", **PASSED)
    assert found(fresh).state is State.MET
    late = build.later(fresh, days=3)
    assert unmet(late).why == "3 days old, limit 2 days"
    moments = KINDS["data_fresh"].moments(DataFreshConfig(), evaluate_facts(fresh))
    assert list(moments) == [fresh.now + timedelta(days=2)]


def evaluate_facts(context: Context) -> Any:
    return evaluate(context).facts


def test_a_refresh_that_failed_its_validation_is_held_back(fresh: Context) -> None:
    refreshed(fresh, "r1", **{**PASSED, "plans": "failed"})
    assert unmet(fresh).why == "not known; the last refresh was held back: query plans failed"


def test_a_probe_is_believed_before_what_people_recorded(shop: Shop) -> None:
    probes = PROBES.replace("kind: lines", "kind: freshness")
    with shop("data_fresh: {}", probes) as context:
        refreshed(context, "r1", **PASSED)
        assert unmet(context).why == "never run"
        ran(context, {"orders": "3 days"}, {"orders": "1 day"})
        assert unmet(context).why == "too old: orders"
        assert command(unmet(context).step) == "workbench environment refresh staging"
        age = KeptScore(key="data_freshness", value=Decimal("5"), of=1, unit="h")
        ran(context, ALIKE, ALIKE, scores=(age,))
        assert found(context).why == "Settings are alike: 5 h old"


def test_the_data_consistency_score_counts_and_not_whether_the_probe_passes(shop: Shop) -> None:
    with shop("data_consistency: 95", PROBES.replace("kind: lines", "kind: same_queries")) as context:
        ran(context, ALIKE, ALIKE)
        assert unmet(context).why == "the probe gave no data consistency score"
        for share, state in (("0.95", State.MET), ("0.949", State.NOT_MET)):
            score = KeptScore(key="data_consistency", value=Decimal(share), of=40)
            ran(context, {"POOL": "5"}, ALIKE, scores=(score,))
            assert found(context).state is state
        assert unmet(context).why == "94.9 % of 40 queries, at least 95 % (POOL, TTL)"
        assert command(unmet(context).step) == "workbench environment refresh staging"


def test_data_without_any_level_can_never_be_fresh_and_check_says_so(shop: Shop) -> None:
    with shop("data_fresh: {}", "") as context:
        (warning,) = context.definitions.warnings
        assert warning.what == "nothing says how old the data may be, so the gate can never pass"


# --- signatures -------------------------------------------------------------------------------------

SIGNED = "    sign: {roles: [{role: release-owner}]}\n"


@contextmanager
def signed(tmp_path: Path, requirement: str) -> Iterator[Context]:
    text = shop_text("", requirement) + SIGNED + PROBES
    with build.shop(tmp_path / "p", text) as context:
        ran(context, ALIKE, ALIKE)
        build.sign(context, "gate", "kim")
        yield context


def why_not_current(context: Context) -> str:
    return str(build.signature(context, "gate").why)


def test_a_run_that_finds_the_same_leaves_a_signature_current(tmp_path: Path) -> None:
    with signed(tmp_path, "probes_run: 24h") as context:
        ran(build.later(context, minutes=5), ALIKE, ALIKE)
        assert build.signature(build.later(context, minutes=5), "gate").counts


def test_a_run_that_finds_something_makes_a_signature_out_of_date(tmp_path: Path) -> None:
    with signed(tmp_path, "probes_run: 24h") as context:
        ran(build.later(context, minutes=5), {**ALIKE, "POOL": "5"}, ALIKE)
        later = build.later(context, minutes=6)
        assert not build.signature(later, "gate").counts
        assert "the probe “Settings are alike”: passes → fails" in why_not_current(later)


def test_a_run_does_not_become_too_old_while_sign_off_is_open(tmp_path: Path) -> None:
    with signed(tmp_path, "probes_run: 24h") as context:
        assert found(build.later(context, hours=30)).state is State.MET
        late = build.later(context, days=4)
        assert unmet(late).why.startswith("too old")
        assert "is too old" in why_not_current(late)


def test_data_that_became_less_consistent_are_told(tmp_path: Path) -> None:
    def score(share: str) -> tuple[KeptScore, ...]:
        return (KeptScore(key="data_consistency", value=Decimal(share), of=40),)

    text = (
        shop_text("", "data_consistency: 95") + SIGNED + PROBES.replace("kind: lines", "kind: same_queries")
    )
    with build.shop(tmp_path / "p", text) as context:
        ran(context, {"POOL": "5"}, ALIKE, scores=score("0.98"))
        build.sign(context, "gate", "kim")
        ran(build.later(context, minutes=1), {"POOL": "5"}, ALIKE, scores=score("0.96"))
        assert build.signature(build.later(context, minutes=2), "gate").counts
        ran(build.later(context, minutes=3), {"POOL": "5"}, ALIKE, scores=score("0.6"))
        assert "passes → fails" in why_not_current(build.later(context, minutes=4))


def test_a_budget_that_is_exceeded_is_told(tmp_path: Path) -> None:
    with signed(tmp_path, "drift_budget: 0") as context:
        ran(build.later(context, minutes=5), {**ALIKE, "POOL": "5"}, ALIKE)
        assert "the drift budget is exceeded now" in why_not_current(build.later(context, minutes=6))


def test_in_an_excerpt_what_is_not_there_counts_all_the_same(shop: Shop, tmp_path: Path) -> None:
    with shop("drift_budget: 220") as context:
        ran(context, {f"KEY_{number}": "1" for number in range(250)}, {})
        path = tmp_path / "record.excerpt.jsonl"
        path.write_bytes(excerpts.excerpt(context))
        made = excerpts.from_excerpt(Options(project=context.root), path)
        elsewhere = build.at(made, context.now)
        assert unmet(elsewhere).why.startswith("250 of 250 parameters differ, at most 220")
        made.record.close()


ITEMS = """\
checklist: ready
title: Ready
items:
  - {key: probes, title: Probes have looked, why: w, check: c, automatic: probes_run}
  - {key: fresh, title: Data is fresh, why: w, check: c, automatic: data_fresh}
  - {key: masked, title: Data is masked, why: w, check: c, automatic: data_masked}
"""


@pytest.mark.parametrize("probes", ["", PROBES.replace("kind: lines", "kind: masking")])
def test_the_record_answers_items_of_checklists(tmp_path: Path, probes: str) -> None:
    text = shop_text(probes, "checklist: ready").replace("kind: staging}", "kind: staging, fresh_within: 2d}")
    with build.shop(tmp_path / "p", text, ready=ITEMS) as context:
        found = {each.item.key: each for each in evaluate(context).checklists["ready"]}
        why = "Settings are alike: never run" if probes else "no probe looks at it"
        assert (found["probes"].why, found["masked"].why) == (why, why)
        assert found["fresh"].why == "not known: no refresh is recorded"
        if probes:
            ran(context, ALIKE, ALIKE)
        refreshed(context, "r1", **PASSED)
        states = {each.item.key: each.state.value for each in evaluate(context).checklists["ready"]}
        done = "done" if probes else "open"
        assert states == {"probes": done, "fresh": "done", "masked": done}


def test_without_a_level_nobody_knows_whether_data_is_fresh(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p", shop_text("", "checklist: ready"), ready=ITEMS) as context:
        fresh = next(each for each in evaluate(context).checklists["ready"] if each.item.key == "fresh")
        assert fresh.fact is not None and fresh.fact.open
        assert fresh.why == "nothing says how old the data may be"
