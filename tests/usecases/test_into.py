"""Gates that lead into an environment: which one is asked, what is signed for it, and who did not wait for it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.building import later
from tests.usecases.policies import gate, opened, project, sign

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.probes.diary import Sighting
from workbench.probes.runs import ProbeRun, SideSeen
from workbench.record import Change
from workbench.releases.model import Candidate
from workbench.usecases import releasing
from workbench.usecases.auditing.reading import read_audit
from workbench.usecases.context import commit, fresh_id
from workbench.usecases.entering import entered_early
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.as_json import gate_document
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.reporting.remarks import remarks_of
from workbench.usecases.stepping import gate_into
from workbench.usecases.views.readiness import step

ONE = "{roles: [{role: owner}]}"


def leading(*into: str) -> str:
    """Gates that each lead into an environment of their own."""
    text = project(*[ONE] * len(into)).replace(
        "  - {key: staging, kind: staging}\n",
        "  - {key: staging, kind: staging, title: Staging two}\n  - {key: production, kind: production}\n",
    )
    for key, place in zip(("one", "two", "three"), into, strict=False):
        text = text.replace(f"key: {key},", f"key: {key}, into: {place},", 1) if place else text
    return text


def test_the_gate_into_an_environment_is_the_first_of_them_that_has_not_passed(tmp_path: Path) -> None:
    with opened(tmp_path / "p", leading("staging", "production", "production")) as context:
        assert gate_into(evaluate(context), "staging") == "one"
        sign(context, "one", "kim")
        sign(context, "two", "kim")
        found = evaluate(context)
        assert (gate_into(found, "staging"), gate_into(found, "production")) == ("one", "three")
        with pytest.raises(UsageError, match="no gate leads into “prodution”") as error:
            gate_into(found, "prodution")
        assert error.value.hint == "did you mean production?"


def test_it_is_shown_on_every_line_of_the_gate(tmp_path: Path) -> None:
    with opened(tmp_path / "p", leading("staging", "")) as context:
        found = judgement_of_gate(evaluate(context), "one")
        text = text_report(found, found.gate("one"))
        assert "One: ◐ ready, 1 to sign (into Staging two)" in text
        assert [step(each).title for each in found.gates] == ["One → Staging two", "Two"]
        assert gate_document(found, found.gate("one"))["into"] == "staging"
        assert gate_document(found, found.gate("two"))["into"] is None


def test_what_was_signed_for_one_environment_holds_for_no_other(tmp_path: Path) -> None:
    with opened(tmp_path / "p", leading("staging")) as context:
        sign(context, "one", "kim")
        changed = build.rewrite(context, "into: staging", "into: production")
        view = gate(changed, "one").signoffs[0]
        assert view.why == "out of date: the gate leads into another environment: staging → production"


def seen(
    context: object, environment: str = "staging", commit: str = build.SHA, hours: float = 0
) -> Sighting:
    at = build.NOW + timedelta(hours=hours)
    return Sighting(environment=environment, build=commit, first=at, last=at, probe="versions")


PROBE = """\
probes:
  - {key: versions, kind: configuration, title: Versions, staging: "s/*.env", production: "p/*.env"}
gates:
"""


def test_a_build_that_runs_where_its_gate_has_not_passed_is_told_in_the_gate_and_the_audit(
    tmp_path: Path,
) -> None:
    with opened(tmp_path / "p", leading("staging").replace("gates:\n", PROBE)) as context:
        assert remarks_of(evaluate(context), gate(context, "one")) == ()
        run = ProbeRun(
            probe="versions", kind="configuration", state="pass", at=context.now, environment="staging",
            against="production", staging=SideSeen(build=build.SHA[:12]),
        )  # fmt: skip
        commit(context, [Change("probe_run", fresh_id(context), "ran", plain(run))])
        (words,) = remarks_of(evaluate(context), gate(context, "one"))
        assert words.startswith("this build runs in Staging two already, seen Tue 15 Sep 2026 12:00 CEST")
        audit = read_audit(context, later(context, days=-1).now, later(context, days=1).now)
        (one,) = [each for each in audit.happenings if each.what == "seen before its gate"]
        assert (one.gate, one.environment) == ("one", "staging")
        assert one.flag == "the gate into it was not signed then: owner missing"
        sign(context, "one", "kim")
        assert remarks_of(evaluate(context), gate(context, "one")) == ()


def test_a_build_that_was_seen_before_its_gate_was_signed_is_told_afterwards_too(tmp_path: Path) -> None:
    with opened(tmp_path / "p", leading("staging", "production")) as context:
        gates = context.definitions.project.gates
        sign(later(context, hours=1), "one", "kim")
        record = context.record
        early = list(entered_early([seen(context, hours=0.5)], record, gates))
        assert [(one.gate.key, one.missing, one.candidate) for one in early] == [("one", ("owner",), "rc1")]
        assert list(entered_early([seen(context, hours=2)], record, gates)) == []
        assert [
            one.gate.key for one in entered_early([seen(context, "production", hours=2)], record, gates)
        ] == ["two"]
        assert list(entered_early([seen(context, commit=build.SHA_2)], record, gates)) == []


def test_a_signature_on_another_build_lets_none_in(tmp_path: Path) -> None:
    with opened(tmp_path / "p", leading("staging")) as context:
        sign(context, "one", "kim")
        again = Candidate(release="", number=0, commit=build.SHA_2, author="jo")
        releasing.propose(context, evaluate(context).held, again)
        gates = context.definitions.project.gates
        (one,) = entered_early([seen(context, commit=build.SHA_2, hours=3)], context.record, gates)
        assert one.candidate == "rc2"
