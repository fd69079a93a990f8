"""What is advised helps: every command that comes next is carried out on a copy, and its line turns."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.cli.conftest import Type
from tests.tui.driving import web_shop
from tests.tui.stories import clear_everything

BUILD = "7c4e19fb02d85a6613e0f7b4c29d8a5e1f603b72"  # the demonstration answers for it from a recording
FILLED = {
    "COMMIT": BUILD,
    "WHY": "everybody concerned has seen it",
    "DATE": "2026-10-10",
    "URL": "https://wiki.example/seen",
    "VALUE": "0.2",
    "STEP": "Switch the flag off",
    "WHAT": "smaller database",
    "KEY": "checkout",
}
MOST_STEPS = 6
LISTS = ("blockers", "todo", "to_sign")


class Project(msgspec.Struct, frozen=True):
    """A project in a state, in a folder of its own with the heads beside it; ``mend`` edits its files."""

    folder: Path
    root: Path
    mend: Callable[[Path], None] | None = None
    release: str = "2.14.0"
    person: str = ""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    folder = tmp_path / "shop"
    return Project(folder, web_shop(folder, monkeypatch))


class Desk:
    """Somebody types into a project; every line that is open can be asked for."""

    def __init__(self, project: Project, type_in: Type, patch: pytest.MonkeyPatch) -> None:
        self.project, self._type = project, type_in
        patch.setenv("WORKBENCH_DATA", str(project.folder / "data"))
        patch.chdir(project.root)

    def type(self, command: str) -> None:
        program, *words = shlex.split(command)
        assert program == "workbench"
        words += ["--as", self.project.person] if self.project.person and "--as" not in words else []
        self._type(*words, code=None if words[0] == "fetch" else 0)

    def lines(self) -> dict[str, dict[str, Any]]:
        found = self._type("status", "--json", code=None).json
        return {item["key"]: item for name in LISTS for item in found[name]}

    def carry_out(self, line: dict[str, Any]) -> None:
        """Do what is advised, and what somebody else is asked for."""
        command = line["next"]
        assert command, line
        if command.startswith("edit "):
            assert self.project.mend is not None, command
            self.project.mend(self.project.root)
            if " then workbench " in command:
                self.type(command.partition(" then ")[2])
            return
        someone = (line["who"] or ["kim"])[0]
        command = command.split(", or workbench ")[-1]
        command = command if command.startswith("workbench") else f"workbench {command}"
        for word, value in {**FILLED, "PERSON": someone}.items():
            command = re.sub(rf"\b{word}\b", shlex.quote(value), command)
        if command.startswith("workbench override "):
            command += f" {shlex.join(build.ANSWERED)}"  # asked on a terminal
        if "parity decide" in command:
            command += " --owner kim"
        if re.search(r"\bfreeze --lift\b", command):
            command += " --as kim"
        if asked := re.fullmatch(r"workbench ask (\S+) (\S+)", command):
            self.type(f"{command} --to {shlex.quote(str(self.project.folder))}")
            command = f"workbench sign {asked[2]} --as {asked[1]}"
        if command.startswith("workbench sign ") and "--dismiss" not in command:
            command += f" --confirm {self.project.release}"
        self.type(command)


def copies(project: Project, to: Path) -> Iterator[Project]:
    """Fresh copies of a project, one for each line."""
    number = 0
    while True:
        number += 1
        folder = to / f"copy-{number}"
        shutil.copytree(project.folder, folder, ignore=shutil.ignore_patterns("copy-*"))
        root = folder / project.root.relative_to(project.folder)
        yield msgspec.structs.replace(project, folder=folder, root=root)


def follow(desk: Desk, key: str) -> list[str]:
    """Carry out what comes next for a line until it is no longer open; what was done, step by step."""
    done: list[str] = []
    for _ in range(MOST_STEPS):
        before = desk.lines().get(key)
        if before is None:
            return done
        done.append(before["next"])
        desk.carry_out(before)
        after = desk.lines().get(key)
        turned = after is None or any(
            after[name] != before[name] for name in ("why", "next", "move", "behind")
        )
        assert turned, f"{before['title']}: {before['next']} changed nothing: {before['why']}"
    raise AssertionError(f"{key} is still open after {done}")


def shape(line: dict[str, Any]) -> tuple[str, str, str]:
    """What is alike about lines: their kind, whose move it is, and the command without what it is about."""
    words = [word for word in line["next"].split() if "/" not in word and not re.search(r"\d", word)]
    said = "rejected" if "rejected" in line["why"] else line["move"]
    return line["key"].partition("/")[0], said, " ".join(words)


def nothing(desk: Desk) -> None:
    """As the demonstration begins."""


def frozen(desk: Desk) -> None:
    desk.type('workbench freeze --reason "an incident in staging" --as kim')


def proposed(desk: Desk) -> None:
    desk.type(f"workbench release candidate {BUILD}")


def override_waits(desk: Desk) -> None:
    desk.type(
        'workbench override checkout-p95 --reason "the vendor fixes it" --approver kim --until 2026-10-01 '
        f"{shlex.join(build.ANSWERED)}"
    )


def override_rejected(desk: Desk) -> None:
    override_waits(desk)
    desk.type('workbench approve benchmark/checkout-p95 --reject --reason "not this one" --as kim')


def accepted_alone(desk: Desk) -> None:
    (line,) = (item for key, item in desk.lines().items() if key.startswith("difference/"))
    desk.type(
        f"workbench parity decide {line['next'].split()[3]} --accept --reason 'known, and watched' --until 2026-10-01"
    )


def answered_without_the_role(desk: Desk) -> None:
    desk.type("workbench checklist tick production-readiness/security-agrees --link https://wiki.example/yes")


def all_but_signatures(desk: Desk) -> None:
    clear_everything(desk.project.root)


def somebody_says_no(desk: Desk) -> None:
    all_but_signatures(desk)
    desk.type("workbench sign sign-off --reject --comment 'not this week' --as kim --confirm 2.14.0")


def in_a_change_freeze(desk: Desk) -> None:
    path = desk.project.root / "workbench.yaml"
    path.write_text(path.read_text("utf-8").replace("first: 2026-11-23", "first: 2026-09-01"), "utf-8")


def an_unknown_author(desk: Desk) -> None:
    desk.type("workbench release candidate 1111111111111111111111111111111111111111")


@pytest.mark.parametrize(
    "state",
    [
        nothing,
        frozen,
        proposed,
        override_waits,
        override_rejected,
        accepted_alone,
        answered_without_the_role,
        all_but_signatures,
        somebody_says_no,
        in_a_change_freeze,
        an_unknown_author,
    ],
)
def test_every_command_that_is_advised_turns_its_line(
    shop: Project,
    state: Callable[[Desk], None],
    type_in: Type,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk(shop, type_in, monkeypatch)
    usual = set() if state is nothing else {shape(line) for line in desk.lines().values()}
    state(desk)
    lines = desk.lines()
    only = "author/" if state is an_unknown_author else ""  # nothing is recorded of that build
    chosen = {
        shape(line): key
        for key, line in reversed(lines.items())
        if shape(line) not in usual and line["move"] != "behind" and key.startswith(only)
    }
    fresh = copies(shop, tmp_path)
    followed = {key: follow(Desk(next(fresh), type_in, monkeypatch), key) for key in chosen.values()}
    assert followed, "the state brings lines that others do not have"
    assert all(followed.values())


# --- what the web shop does not have ----------------------------------------------------------

LITTLE = (
    build.HEAD
    + build.PEOPLE
    + """\
sources:
  - {key: hand, kind: manual}
checklists: [ready.yaml]
benchmarks:
  - {key: size, environment: staging, title: Its size, measure: {source: hand, unit: s}, pass: <= 1 s, mode: blocking}
gates:
  - key: all
    title: All
    requires:
      - inventory: {flows: 2, core: 2}
      - benchmarks: {}
      - checklist: ready
      - parity_reviewed: {within: 30d}
      - differences_decided: high
"""
)
READY = build.READY + (
    "  - {key: plan, title: The rollback is planned, why: w, check: c, automatic: rollback_planned}\n"
    "  - {key: watch, title: It is watched, why: w, check: c, automatic: watch_planned}\n"
    "  - {key: tests, title: Tests are green, why: w, check: c, automatic: tests_green}\n"
)
EMPTY = LITTLE + "  - {key: more, title: More, requires: [benchmarks: {tag: nobody-has}]}\n"


def mended(root: Path) -> None:
    """Somebody edits the requirement that selects nothing."""
    path = root / "workbench.yaml"
    path.write_text(
        path.read_text("utf-8").replace("benchmarks: {tag: nobody-has}", "not_frozen: {}"), "utf-8"
    )


@pytest.mark.parametrize(("text", "mend"), [(LITTLE, None), (EMPTY, mended)])
def test_it_does_so_in_a_small_project_too(
    text: str,
    mend: Callable[[Path], None] | None,
    type_in: Type,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "little"
    monkeypatch.setenv("WORKBENCH_DATA", str(folder / "data"))
    with build.shop(folder / "project", text, stated=False, **{"ready.yaml": READY}) as context:
        build.add_flow(context, "refund", core=True)
    project = Project(folder, folder / "project", mend, release="2.0.0", person="kim")
    lines = Desk(project, type_in, monkeypatch).lines()
    chosen = {shape(line): key for key, line in lines.items() if line["move"] != "behind"}
    fresh = copies(project, tmp_path)
    for key in chosen.values() if mend is None else ["nothing/more/benchmarks"]:
        assert follow(Desk(next(fresh), type_in, monkeypatch), key)


def test_without_a_candidate_one_is_proposed_and_then_measured(
    shop: Project, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(shop, type_in, monkeypatch)
    desk.type("workbench release abandon 2.14.0 --reason 'the customers want to wait'")
    desk.type("workbench release new 2.15.0")
    lines = desk.lines()
    (root,) = {line["behind"] for line in lines.values() if line["behind"]} & {
        key for key, line in lines.items() if line["next"].startswith("workbench release candidate")
    }
    assert follow(desk, root)[:2] == ["workbench release candidate COMMIT", "workbench fetch"]


def test_a_new_candidate_is_fetched_only_where_a_source_can_be_asked(
    shop: Project, type_in: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Desk(shop, type_in, monkeypatch)
    assert "next: workbench fetch" in type_in("release", "candidate", BUILD).err
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with build.shop(tmp_path / "little", LITTLE, stated=False, **{"ready.yaml": READY}):
        pass
    monkeypatch.chdir(tmp_path / "little")
    assert "next: workbench gate" in type_in("release", "candidate", "a" * 40, "--as", "kim").err
    assert (
        "next: workbench gate" in type_in("release", "new", "9.0.0", "--commit", "b" * 40, "--as", "kim").err
    )
