"""One person under two entries: found by address and key, doubted by name."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.definitions.shop import loaded, problems

from workbench.definitions.persons import is_called, same_people, shared
from workbench.definitions.shapes import Person, PersonKey
from workbench.model.ssh_keys import string


def key(number: int, comment: str = "") -> str:
    """The line of an Ed25519 key; what is in it does not matter here."""
    blob = string(b"ssh-ed25519") + string(bytes([number]) * 32)
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {comment}".strip()


ADA = "{key: ada, name: Ada Byron, roles: [owner], email: ada@shop.example}"


def project(*people: str, gates: str = "[]") -> str:
    return "project: shop\npeople:\n" + "".join(f"  - {one}\n" for one in people) + f"gates: {gates}\n"


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("{key: bo, name: Bo, email: ADA@Shop.example}", "ada and bo have the same e-mail address"),
        (
            "{key: bo, name: Bo, also: [bo@x.example, Ada@shop.example]}",
            "ada and bo have the same e-mail address",
        ),
    ],
)
def test_two_entries_with_one_address_are_refused_with_both_lines(
    tmp_path: Path, second: str, said: str
) -> None:
    (problem,) = problems(tmp_path, project(ADA, second))
    assert (problem.line, problem.what) == (4, said)
    assert problem.hint is not None and "workbench.yaml:3" in problem.hint


def test_two_entries_with_one_key_are_refused_whatever_its_comment(tmp_path: Path) -> None:
    ada = f"{{key: ada, name: Ada, keys: [{{key: {key(1, 'ada@laptop')}}}]}}"
    bo = f"{{key: bo, name: Bo, keys: [{{key: {key(2)}}}, {{key: {key(1, 'bo@desk')}}}]}}"
    (problem,) = problems(tmp_path, project(ada, bo))
    assert problem.what == "ada and bo have the same SSH key"
    assert problem.line == 4 and "workbench.yaml:3" in str(problem.hint)


def test_two_entries_with_one_name_are_a_warning(tmp_path: Path) -> None:
    (warning,) = loaded(tmp_path, project(ADA, "{key: ada2, name: 'ADA  byron'}")).warnings
    assert warning.what.startswith("ada and ada2 have the same name")
    assert (warning.line, warning.severity) == (4, "warning")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("hours: nine to five", "this is no stretch of a day"),
        (
            "away: [{from: 2026-12-08, until: 2026-12-01}]",
            "this absence ends on 2026-12-01, before it begins on 2026-12-08",
        ),
    ],
)
def test_hours_and_absences_that_cannot_be(tmp_path: Path, field: str, said: str) -> None:
    (problem,) = problems(tmp_path, project(f"{{key: ada, name: Ada, {field}}}"))
    assert problem.what == said


SIGNED = "[{{key: a, title: A, sign: {{roles: [{{role: owner}}]}}}}, {{key: go, title: Go, {}}}]"


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("sign: {roles: [{role: owner}], apart_from: [b]}", "there is no gate “b”"),
        (
            "sign: {roles: [{role: owner}], apart_from: [go]}",
            "the gate go cannot be apart from itself: a person fills one seat of a gate anyway",
        ),
        ("sign: {roles: [{role: owner, people: [kim]}]}", "there is no person “kim”"),
        ("sign: {roles: [{role: owner, people: [bo, ada]}]}", "“bo” does not have the role “owner”"),
        (
            "sign: {roles: [{role: owner, people: [ada], count: 2}]}",
            "the gate go can never be signed: 2 of role owner must sign, and people: names one who has it",
        ),
        ("sign: {roles: [{role: owner}]}, into: stage", "there is no environment “stage”"),
    ],
)
def test_policies_that_name_what_is_not_there(tmp_path: Path, policy: str, said: str) -> None:
    text = project(ADA, "{key: bo, name: Bo, roles: [qa]}", gates=SIGNED.format(policy))
    assert said in [problem.what for problem in problems(tmp_path, text)]


def test_who_shares_a_trait_with_two_others_is_all_three() -> None:
    people = [
        Person(key="ada", name="Ada", email="a@x.example"),
        Person(key="bo", name="Bo", keys=[PersonKey(key=key(1))]),
        Person(key="cy", name="Cy", also=["A@X.example"], keys=[PersonKey(key=key(1))]),
        Person(key="di", name="Ada"),
    ]
    assert len(set(same_people(people).values())) == 2
    assert same_people(people)["cy"] == same_people(people)["bo"]
    assert [pair.what for pair in shared(people)] == ["e-mail address", "SSH key", "name"]


def test_a_name_is_the_same_in_each_of_its_spellings() -> None:
    """An é of one character, and one of two."""
    one, other = Person(key="re", name="Ren\u00e9", email="re@x.example"), "REN\u0065\u0301".upper()
    assert is_called(one, other) and is_called(one, "RE@x.example")
    assert not is_called(one, "rene")


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=7))
def test_people_are_one_just_where_a_chain_of_traits_joins_them(traits: list[tuple[int, int]]) -> None:
    people = [
        Person(key=f"p{n}", name=f"{n}", email=f"{one}@x.example", also=[f"{two}@x.example"])
        for n, (one, two) in enumerate(traits)
    ]
    groups: list[set[int]] = []
    for pair in traits:
        joined = set(pair).union(*(group for group in groups if group & set(pair)))
        groups = [group for group in groups if not group & joined] + [joined]
    same = same_people(people)
    for number, (one, _) in enumerate(traits):
        for place, (other, _) in enumerate(traits):
            together = any({one, other} <= group for group in groups)
            assert (same[f"p{number}"] == same[f"p{place}"]) is together


PRIVATE = (
    "-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjEAAAAABG5vbmU -----END OPENSSH PRIVATE KEY-----"
)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (f"{{key: {PRIVATE}}}", "this is a private key"),
        ("{key: ssh-ed25519 AAAA}", "cut short"),
        ("{key: ssh-dss AAAA}", "a DSA key is too weak"),
        ("{key: my key}", "no kind of SSH key"),
        (f"{{key: {key(1)}, from: 2026-12-31, until: 2026-01-01}}", "ends on 2026-01-01, before it begins"),
    ],
)
def test_what_is_no_public_key_is_refused_at_its_line_and_never_quoted(
    tmp_path: Path, item: str, said: str
) -> None:
    (problem,) = problems(tmp_path, project(ADA, f"{{key: bo, name: Bo, keys: [{item}]}}"))
    assert problem.line == 4
    assert said in problem.what
    assert "b3BlbnNz" not in f"{problem.what} {problem.hint}"
