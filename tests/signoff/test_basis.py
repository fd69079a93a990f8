"""What a basis holds and leaves out, and the words for what changed in it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import building as build

from workbench.gates.kind import Alteration
from workbench.gates.kinds import KINDS
from workbench.model.canonical import digest, encode
from workbench.releases.model import Artifact, Candidate
from workbench.signoff import basis_1
from workbench.signoff.alterations import alterations
from workbench.signoff.basis import FRAME, Section, document_of, sections_of
from workbench.usecases import releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

AT = datetime(2026, 9, 15, 10, tzinfo=UTC)
NOTHING = basis_1.Present({}, {})


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.clear(context)
        yield context


def places(context: Context, gate: str) -> set[tuple[str, str, str]]:
    return {section.place for section in evaluate(context).bases.of(gate).sections}


def test_a_gate_rests_on_its_own_and_the_earlier_gates(shop: Context) -> None:
    build.add_difference(shop, severity="low")
    ident = build.add_difference(shop)
    shared = {("", "release", ""), ("", "candidate", "")}
    own = places(shop, "benchmarks")
    assert own == shared | {
        ("benchmarks", "policy", "benchmarks"),
        ("benchmarks", "requirement", "benchmarks"),
        ("benchmarks", "benchmarks", "p95"),
        ("benchmarks", "benchmarks", "errors"),
    }
    ready = places(shop, "ready")
    assert own < ready
    assert {key for gate, kind, key in ready if (gate, kind) == ("ready", "differences_decided")} == {ident}
    assert {key for gate, kind, key in ready if kind == "checklist"} == {"ready/notes", "ready/rehearsed"}
    assert {gate for gate, _, _ in places(shop, "go")} == {"", "benchmarks", "ready", "go"}


def test_the_digest_is_of_the_canonical_document(shop: Context) -> None:
    basis = evaluate(shop).bases.of("go")
    assert digest(basis.document) == basis.digest
    assert b"2026-09-15T10:00" not in encode(basis.document)  # the clock is not in it
    read = sections_of(msgspec.json.decode(encode(basis.document)))
    assert [section.place for section in read] == [section.place for section in basis.sections]
    assert alterations(read, basis.sections, AT) == []


def test_titles_are_not_in_it(shop: Context) -> None:
    build.add_difference(shop)
    text = encode(evaluate(shop).bases.of("go").document).decode()
    for title in ("Checkout", "smaller database", "Notes"):
        assert title not in text
    before = evaluate(shop).bases.of("go").digest
    renamed = build.rewrite(shop, "title: Checkout errors", "title: Errors at the checkout")
    assert evaluate(renamed).bases.of("go").digest == before


def test_what_is_as_by_default_is_left_out(shop: Context) -> None:
    (p95,) = (s for s in evaluate(shop).bases.of("benchmarks").sections if s.key == "p95")
    assert not {"carry", "tags", "about"} & p95.stands["means"].keys()
    assert all(value not in (None, False, "", [], {}) for value in p95.stands["means"].values())


# --- words ---------------------------------------------------------------------------------

OVERRIDE = {"until": "2026-09-20T00:00:00.000000Z", "reason": "small", "approver": "kim"}
Sections = dict[tuple[str, str, str], Section]
TITLES = {
    ("benchmarks", "b"): "p95",
    ("checklist", "c/i"): "Notes",
    ("differences_decided", "d"): "cache",
    ("override", "o"): "errors",
}


def section(kind: str, key: str, stands: Mapping[str, Any], gate: str = "go", **more: Any) -> Section:
    title = TITLES.get((kind, key), "")
    return Section(
        **{"gate": gate, "kind": kind, "version": 1, "key": key, "stands": stands, "title": title, **more}
    )


def base() -> Sections:
    sections = (
        section("release", "", {"project": "shop", "release": "2.0.0"}, ""),
        msgspec.structs.replace(
            section("candidate", "", {"name": "rc1", "commit": "a" * 40}, ""), version=FRAME["candidate"]
        ),
        section("policy", "go", {"roles": [{"role": "owner"}]}),
        section("requirement", "r", {"kind": "not_frozen", "state": "met"}),
        section("benchmarks", "b", {"verdict": "pass", "means": {"pass": "<= 1 s"}}),
        section("checklist", "c/i", {"state": "done", "text": "1"}),
        section("differences_decided", "d", {"severity": "high", "decision": "accept"}),
        section("override", "o", OVERRIDE, version=FRAME["override"]),
    )
    return {each.place: each for each in sections}


Change = Callable[[Sections], None]


def alter(kind: str, *, ended: bool = False, **stands: Any) -> Change:
    """The section of that kind stands otherwise."""

    def change(sections: Sections) -> None:
        place = next(place for place in sections if place[1] == kind)
        old = sections[place]
        sections[place] = msgspec.structs.replace(old, stands={**old.stands, **stands}, ended=ended)

    return change


def drop(kind: str) -> Change:
    def change(sections: Sections) -> None:
        del sections[next(place for place in sections if place[1] == kind)]

    return change


def found(*changes: Change, at: datetime = AT, then: Sections | None = None) -> list[Alteration]:
    """What changed between the base and the base with these changes."""
    old = then or base()
    new = copy.copy(old)
    for change in changes:
        change(new)
    return alterations(old.values(), new.values(), at, TITLES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (alter("benchmarks", verdict="fail"), "p95: pass → fail"),
        (alter("benchmarks", verdict="missing"), "p95: pass → no data"),
        (alter("benchmarks", verdict="error"), "p95: pass → could not ask"),
        (alter("benchmarks", verdict="no_baseline"), "p95: pass → nothing to compare"),
        (alter("benchmarks", means={}), "benchmark “p95” was changed"),
        (drop("benchmarks"), "benchmark “p95” was removed"),
        (alter("checklist", state="not_applicable"), "item “Notes”: done → not applicable"),
        (alter("checklist", text="2"), "the wording of item “Notes” was edited"),
        (drop("checklist"), "item “Notes” was removed"),
        (alter("differences_decided", decision="close"), "difference “cache”: accepted → closing"),
        (alter("differences_decided", severity="medium"), "difference “cache”: high → medium"),
        (alter("differences_decided", until="x"), "the decision on “cache” ends at another time"),
        (
            drop("differences_decided"),
            "difference “cache” is no longer required: it was removed from the map, or its severity was lowered",
        ),
        (drop("override"), "the override of “errors” was lifted"),
        (alter("override", reason="other"), "the override of “errors” was changed"),
        (alter("override", approver="jo"), "the override of “errors” was changed"),
        (alter("requirement", asks={"x": 1}), "requirement “r” now asks for something different"),
        (alter("requirement", state="not_met"), "requirement “r”: met → not met"),
        (drop("requirement"), "requirement “r” was removed"),
        (alter("policy", own=True), "the signing policy of this gate was changed"),
        (alter("candidate", artifacts={"x": "1"}), "the artifacts of rc1 changed"),
        (alter("candidate", name="rc2", commit="b" * 40), "a new candidate: rc1 aaaaaaa → rc2 bbbbbbb"),
        (alter("release", release="2.0.1"), "the release changed: 2.0.0 → 2.0.1"),
    ],
)
def test_one_change_gives_one_reason(change: Change, words: str) -> None:
    (only,) = found(change)
    assert (only.words, only.lapse) == (words, False)


def test_an_earlier_gate_that_comes_or_goes_is_named_once() -> None:
    earlier = {
        each.place: each
        for each in (
            section("policy", "e", {}, "e"),
            section("requirement", "r", {"kind": "x", "state": "met"}, "e"),
        )
    }
    assert [
        item.words for item in alterations(base().values(), [*earlier.values(), *base().values()], AT)
    ] == ["the earlier gate “e” was added"]
    assert [
        item.words for item in alterations([*earlier.values(), *base().values()], base().values(), AT)
    ] == ["the earlier gate “e” was removed"]


@pytest.mark.parametrize(
    "change",
    [
        alter("benchmarks", verdict="stale", ended=True),
        alter("requirement", state="not_met", ended=True),
    ],
)
def test_what_only_time_did_is_a_lapse(change: Change) -> None:
    (only,) = found(change)
    assert only.lapse


def test_a_decision_that_ended_is_a_lapse() -> None:
    def end(sections: Sections) -> None:
        place = ("go", "differences_decided", "d")
        stands = {**sections[place].stands, "ended": True}
        sections[place] = msgspec.structs.replace(sections[place], stands=stands, ended=True)

    (only,) = found(end)
    assert (only.words, only.lapse) == ("the decision on “cache” has ended", True)


def test_a_signature_that_did_not_keep_who_approved_an_override_still_holds() -> None:
    then = base()
    place = ("go", "override", "o")
    older = {name: value for name, value in OVERRIDE.items() if name != "approver"}
    then[place] = msgspec.structs.replace(then[place], stands=older, version=1)
    assert alterations(then.values(), base().values(), AT) == []
    then[place] = msgspec.structs.replace(then[place], stands={**older, "reason": "other"})
    (only,) = alterations(then.values(), base().values(), AT)
    assert only.words == "the override of “errors” was changed"


def test_an_override_that_ended_is_a_lapse_and_a_lifted_one_is_not() -> None:
    for at, lapse in ((AT, False), (AT + timedelta(days=5), True)):
        (only,) = found(drop("override"), at=at)
        assert only.lapse is lapse


def test_what_follows_is_not_named_beside_its_cause() -> None:
    then = base()
    then["go", "requirement", "r"] = section("requirement", "r", {"kind": "benchmarks", "state": "met"})
    item = {"state": "done", "text": "1", "by_itself": "benchmarks_met"}
    then["go", "checklist", "c/i"] = section("checklist", "c/i", item)
    opened, unmet = alter("checklist", state="open"), alter("requirement", state="not_met")
    stale = alter("benchmarks", verdict="stale", ended=True)
    assert [(each.words, each.lapse) for each in found(opened, unmet, stale, then=then)] == [
        ("p95: pass → too old", True)
    ]
    # … and stands alone where no cause is to be seen.
    assert [each.words for each in found(opened, then=then)] == ["item “Notes”: done → open"]


# --- what this version does not know ---------------------------------------------------------


@pytest.mark.parametrize(
    "unknown",
    [
        section("weather", "w", {"sun": True}),
        section("benchmarks", "b", {"verdict": "pass"}, version=KINDS["benchmarks"].version + 1),
        section("policy", "go", {}, version=2),
    ],
)
def test_a_section_that_this_version_does_not_know_is_never_current(unknown: Section) -> None:
    then = {**base(), unknown.place: unknown}
    words = [item.words for item in alterations(then.values(), base().values(), AT)]
    assert words == [
        f"it depends on “{unknown.kind}” {unknown.version}, which this version of the workbench does not know"
    ]
    # Even where both sides hold it to the letter.
    assert alterations(then.values(), then.values(), AT)[0].words == words[0]


def test_a_difference_that_nobody_can_put_into_words_is_one_all_the_same() -> None:
    (only,) = found(alter("checklist", by_itself="tests_green"))
    assert (only.words, only.lapse, only.follows) == ("“Notes” has changed", False, False)


def test_an_older_section_is_lifted_by_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = type(KINDS["benchmarks"])
    monkeypatch.setattr(kind, "version", 2)
    monkeypatch.setattr(kind, "lift", lambda self, version, stands: {**stands, "since": version})
    now = base()
    place = ("go", "benchmarks", "b")
    now[place] = msgspec.structs.replace(now[place], version=2, stands={**now[place].stands, "since": 1})
    assert alterations(base().values(), now.values(), AT) == []


@pytest.mark.parametrize(
    "document", [{}, {"schema": "workbench.basis.3", "sections": []}, {"schema": "workbench.basis.2"}]
)
def test_what_is_no_basis_is_not_read_as_one(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no workbench\.basis\.2"):
        sections_of(document)


# --- artifacts -------------------------------------------------------------------------------

ARTIFACTS = (
    Artifact("büro.oci", "sha256:12"),
    Artifact("", "sha256:13"),
    Artifact("a", "1"),
    Artifact("a", "2"),
)


def with_artifacts(context: Context, *artifacts: Artifact) -> None:
    commit = Candidate(release="", number=0, commit="f" * 40, artifacts=artifacts)
    releasing.propose(context, evaluate(context).held, commit)


def candidate_of(context: Context) -> Section:
    return next(each for each in evaluate(context).bases.of("go").sections if each.kind == "candidate")


def test_artifacts_of_any_name_are_written_as_pairs_in_order(shop: Context) -> None:
    with_artifacts(shop, *ARTIFACTS)
    assert candidate_of(shop).stands["artifacts"] == [
        ["", "sha256:13"], ["a", "1"], ["a", "2"], ["büro.oci", "sha256:12"],
    ]  # fmt: skip
    assert encode(evaluate(shop).bases.of("go").document)


def test_a_basis_with_artifacts_by_name_still_says_the_same(shop: Context) -> None:
    with_artifacts(shop, Artifact("web.oci", "sha256:2"), Artifact("app.oci", "sha256:1"))
    now = candidate_of(shop)
    by_name = {**now.stands, "artifacts": {"web.oci": "sha256:2", "app.oci": "sha256:1"}}
    then = msgspec.structs.replace(now, version=1, stands=by_name)
    assert alterations([then], [now], AT) == []
    other = msgspec.structs.replace(then, stands=by_name | {"artifacts": {"web.oci": "sha256:2"}})
    assert [item.words for item in alterations([other], [now], AT)] == ["the artifacts of rc2 changed"]


# --- the first format ------------------------------------------------------------------------


def first(**parts: Any) -> dict[str, Any]:
    return {
        "project": "shop", "release": "2.0.0", "gate": "go", "policy": {"roles": [{"role": "owner", "count": 1}], "own": False},
        "candidate": {"name": "rc1", "commit": "a" * 40, "artifacts": {}},
        "requirements": {"r": {"kind": "not_frozen", "asks": "1", "state": "met"}},
        "benchmarks": {"b": {"title": "p95", "verdict": "pass", "means": "2"}},
        "items": {"c/i": {"title": "Notes", "state": "done", "text": "1"}},
        "differences": {"d": {"title": "cache", "severity": "high", "decision": "accept"}},
        "overrides": {"o": {"title": "errors", "until": "2026-09-20T00:00:00.000000Z", "reason": "small"}},
        "earlier": {},
        **parts,
    }  # fmt: skip


PRESENT = basis_1.Present({("go", "r"): ("1", {})}, {"b": ("2", {"pass": "<= 1 s"})})


def test_the_first_format_is_lifted_to_the_same_sections() -> None:
    lifted = {each.place: each for each in basis_1.lift(first(), PRESENT)}
    for kind in ("candidate", "override"):  # it says less of these
        place = next(place for place in lifted if place[1] == kind)
        assert lifted[place].version == 1
        lifted[place] = base()[place]
    assert lifted == base()
    assert alterations(basis_1.lift(first(), PRESENT), base().values(), AT) == []


@pytest.mark.parametrize(
    ("document", "present", "words"),
    [
        (first(), basis_1.Present(PRESENT.asks, {"b": ("other", {})}), "benchmark “p95” was changed"),
        (
            first(),
            basis_1.Present({("go", "r"): ("other", {})}, PRESENT.means),
            "requirement “r” now asks for something different",
        ),
        (first(differences={}), PRESENT, "difference “cache” was added"),
        (first(policy=None), PRESENT, "the signing policy of this gate was changed"),
        (first(earlier={"e": first(gate="e")}), PRESENT, "the earlier gate “e” was removed"),
    ],
)
def test_what_the_first_format_holds_is_compared(
    document: dict[str, Any], present: basis_1.Present, words: str
) -> None:
    lifted = basis_1.lift(document, present)
    assert [item.words for item in alterations(lifted, base().values(), AT)] == [words]


@pytest.mark.parametrize(
    "document", [{}, {"project": 1}, first(benchmarks={"b": {}}), first(policy={"own": "maybe"})]
)
def test_what_is_no_first_format_is_not_lifted(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no basis of the first format"):
        basis_1.lift(document, NOTHING)


KEYS = st.sets(st.sampled_from(list(base())))


@given(KEYS, KEYS)
def test_any_two_bases_can_be_compared_and_equal_ones_agree(one: set[Any], other: set[Any]) -> None:
    then, now = ([each for place, each in base().items() if place not in left] for left in (one, other))
    assert alterations(then, then, AT) == []
    assert bool(alterations(then, now, AT)) == (one != other)
    read = sections_of(msgspec.json.decode(encode(document_of(then))))
    assert alterations(read, then, AT) == []
