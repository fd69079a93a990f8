"""Manual pages and completions are made from the commands, and installed with the package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from tests.docs.test_commands_documented import ALL

from workbench.cli import manual
from workbench.cli.running import COMMANDS, root

ROOT = Path(__file__).resolve().parents[2]
FILES = manual.files()
PAGES = {place: text for place, text in FILES.items() if place.endswith(".1")}


def plain(page: str) -> str:
    """A page's text without roff's own signs."""
    return page.replace("\\-", "-").replace("\\(aq", "'").replace("\\(ga", "`").replace("\\e", "\\")


def test_there_is_a_page_for_the_program_and_for_each_command() -> None:
    names = {Path(place).stem for place in PAGES}
    assert names == {"workbench", *(f"workbench-{name}" for name in COMMANDS)}
    assert all(f"workbench-{name}" in plain(PAGES[f"{manual.SECTION}/workbench.1"]) for name in COMMANDS)


@pytest.mark.parametrize("name", ALL)
def test_a_page_tells_every_option_of_a_command(name: str) -> None:
    page = plain(PAGES[f"{manual.SECTION}/workbench-{name.partition(' ')[0]}.1"])
    assert f"workbench {name}" in page
    for option in ALL[name].params:
        if isinstance(option, click.Option):
            assert all(flag in page for flag in (*option.opts, *option.secondary_opts) if flag[0] == "-")


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_roff_has_nothing_to_say_against_a_page() -> None:
    text = "".join(PAGES.values())
    done = subprocess.run(
        ["groff", "-Kutf8", "-man", "-Tutf8", "-ww", "-z"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


def test_a_text_cannot_be_taken_for_a_command_of_roff() -> None:
    assert manual._roff(".TH x") == "\\&.TH x"
    assert manual._roff("'x").startswith("\\&")
    assert manual._roff("a\\b-c") == "a\\eb\\-c"


@pytest.mark.parametrize("shell", manual.COMPLETIONS)
def test_a_shell_takes_its_completion(shell: str, tmp_path: Path) -> None:
    text = FILES[manual.COMPLETIONS[shell]]
    assert "_WORKBENCH_COMPLETE" in text and "workbench" in text
    if shutil.which(shell) is None:
        return
    script = tmp_path / "completion"
    script.write_text(text)
    subprocess.run([shell, "-n", str(script)], check=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_puts_names_with_blanks_into_the_line_as_one_word(tmp_path: Path) -> None:
    completion, program = tmp_path / "completion", tmp_path / "workbench"
    completion.write_text(FILES[manual.COMPLETIONS["bash"]])
    program.write_text("#!/bin/sh\nprintf 'plain,load balancer\\nplain,it'\"'\"'s\\n'\n")
    program.chmod(0o755)
    asked = f". {completion}; COMP_WORDS=(workbench parity show l); COMP_CWORD=3; _workbench_completion {program}; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines() == ["load\\ balancer", "it\\'s"]


def test_a_build_installs_them_in_their_standard_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = pytest.importorskip("distutils.core")
    monkeypatch.chdir(ROOT)
    built = core.run_setup(str(ROOT / "setup.py"), stop_after="init")
    assert built.has_data_files()
    command = built.get_command_obj("install_data")
    command.install_dir = str(tmp_path)
    command.finalized = 1  # what it would ask of ``install`` stands above
    command.run()
    there = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert there == set(FILES) == {os.path.relpath(path, tmp_path) for path in command.get_outputs()}
    for place, text in FILES.items():
        assert (tmp_path / place).read_text(encoding="utf-8") == text


def test_the_version_and_the_exit_codes_stand_on_the_first_page() -> None:
    page = plain(PAGES[f"{manual.SECTION}/workbench.1"])
    assert re.search(r'"workbench \d', page)
    assert root.epilog is not None and "the record cannot be trusted" in page
