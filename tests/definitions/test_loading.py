"""Several files, places, digests, and paths that want to leave the project."""

from __future__ import annotations

import os

import pytest
from tests.definitions.shop import KINDS, SHOP, SMOKE, changed, loaded, place_of, problems, write

from workbench import shipped
from workbench.definitions import find_project, load
from workbench.definitions.shapes import Mark
from workbench.model.errors import DefinitionError, UsageError

BENCHMARKS = "benchmarks:" + SHOP.split("benchmarks:")[1].split("checklists:")[0]
REST = SHOP.replace(BENCHMARKS, "")


def test_included_files_make_no_difference_to_the_digest(tmp_path):
    whole = loaded(tmp_path)
    split = loaded(tmp_path, "include: [parts/*.yaml]\n" + REST, parts__benchmarks=BENCHMARKS)
    assert split.benchmark("checkout-p95") == whole.benchmark("checkout-p95")
    assert split.digest == whole.digest
    assert split.files == ("workbench.yaml", "parts/benchmarks.yaml", "lists/smoke.yaml")
    assert loaded(tmp_path, changed("unit: ms", "unit: s")).digest != whole.digest


def test_patterns_are_sorted_and_files_are_taken_once(tmp_path):
    parts = {f"parts__{name}": f"people: [{{key: {name}, name: N, roles: []}}]\n" for name in ("b", "a", "c")}
    text = "include: [parts/c.yaml, parts/*.yaml, parts/a.yaml]\n" + REST.split("benchmarks:")[0]
    found = loaded(tmp_path, text.split("people:")[0], **parts)
    assert [person.key for person in found.project.people] == ["c", "a", "b"]


def test_marks_point_at_fields(tmp_path):
    found = loaded(tmp_path)
    assert found.marks["benchmarks", "checkout-p95", "pass"] == Mark(
        "workbench.yaml", *place_of(SHOP, "within 20%")
    )
    assert found.mark("benchmark", "checkout-p95") == Mark(
        "workbench.yaml", *place_of(SHOP, "key: checkout-p95")
    )
    assert found.mark("benchmark", "checkout-p95", "measure.query") == Mark(
        "workbench.yaml", *place_of(SHOP, "p95(checkout)")
    )
    assert found.mark("benchmark", "checkout-p95", "mode") == found.mark("benchmark", "checkout-p95")
    assert found.mark("gate", "staging", "requires.checklist-smoke.checklist") == Mark(
        "workbench.yaml", *place_of(SHOP, "smoke\n")
    )
    assert found.mark("checklist", "smoke", "items.opens.check") == Mark(
        "lists/smoke.yaml", *place_of(SMOKE, "Open it.")
    )
    assert found.mark("person", "nobody") is None


def test_duplicate_keys_across_files_name_both_places(tmp_path):
    text = "include: [more.yaml]\n" + SHOP
    (problem,) = problems(tmp_path, text, more="people:\n  - {key: ada, name: Other}\n")
    assert (problem.file, problem.line, problem.column) == ("more.yaml", 2, 11)
    line, _ = place_of(text, "ada, name")
    assert (
        problem.what == f"the person “ada” stands here a second time; the first is at workbench.yaml:{line}"
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "the file is empty"),
        ("- a\n", "an included file must hold lists by name"),
        ("project: other\n", "an included file has no field “project”"),
        ("include: [a.yaml]\npeople: []\n", "an included file cannot include others"),
        (SMOKE, "this is a checklist"),
        ("people: [\n", "a value is expected here"),
    ],
)
def test_mistakes_in_included_files_are_told_there(tmp_path, content, what):
    (problem,) = problems(tmp_path, "include: [more.yaml]\n" + SHOP, more=content)
    assert (problem.file, problem.what) == ("more.yaml", what)


@pytest.mark.parametrize("broken", ["[", "", "- a\n"])
def test_names_of_a_file_that_cannot_be_read_are_not_called_unknown(tmp_path, broken):
    text = "include: [more.yaml]\n" + changed("tests_green: reports", "tests_green: elsewhere").replace(
        "      source: metrics\n", "      source: elsewhere\n"
    )
    found = problems(tmp_path, text, more=broken)
    assert [problem.file for problem in found] == ["more.yaml"]
    assert len(problems(tmp_path, text.replace("include: [more.yaml]\n", ""))) == 2
    assert len(problems(tmp_path, text.replace("[more.yaml]", "more.yaml"))) == 1


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("/etc/passwd", "“/etc/passwd” is an absolute path"),
        ("'C:\\a.yaml'", "“C:\\a.yaml” is an absolute path"),
        ("~/a.yaml", "“~/a.yaml” is an absolute path"),
        ("../a.yaml", "“../a.yaml” leads outside the project's folder"),
        ("parts/../../a.yaml", "“parts/../../a.yaml” leads outside the project's folder"),
        ("'*/../../*.yaml'", "“*/../../*.yaml” leads outside the project's folder"),
        ("nowhere.yaml", "there is no file “nowhere.yaml”"),
        ("lists", "“lists” is a folder"),
        ("none/*.yaml", "no file matches “none/*.yaml”"),
        ("'**/*.yaml'", "“**/*.yaml” would search every folder"),
        ("workbench.yaml", "workbench.yaml cannot include itself"),
    ],
)
def test_paths_that_cannot_be_included(tmp_path, written, what):
    text = f"include:\n  - {written}\n{SHOP}"
    found = problems(tmp_path, text)
    assert [(problem.line, problem.column) for problem in found] == [(2, 5)]
    assert found[0].what.removeprefix("an entry of include: ") == what


def test_a_pattern_does_not_include_the_project_itself(tmp_path):
    assert loaded(tmp_path, "include: ['*.yaml']\n" + REST, more=BENCHMARKS).files[1] == "more.yaml"


def test_links_may_stay_inside_and_not_lead_outside(tmp_path):
    outside = tmp_path / "outside.yaml"
    outside.write_text("people: []\n")
    folder = tmp_path / "project"
    folder.mkdir()
    write(folder, "include: [link.yaml]\n" + REST, real=BENCHMARKS)
    try:
        (folder / "link.yaml").symlink_to("real.yaml")
    except OSError:
        pytest.skip("links cannot be made here")
    assert load(folder, KINDS).files[1] == "link.yaml"
    for target in (outside, "loop.yaml"):
        (folder / "link.yaml").unlink()
        (folder / "link.yaml").symlink_to(target)
        (folder / "loop.yaml").unlink(missing_ok=True)
        (folder / "loop.yaml").symlink_to("link.yaml")
        with pytest.raises(DefinitionError) as error:
            load(folder, KINDS)
        assert [problem.line for problem in error.value.problems] == [1]
    (folder / "lists" / "smoke.yaml").unlink()
    (folder / "lists" / "smoke.yaml").symlink_to(outside)
    with pytest.raises(DefinitionError) as error:
        load(folder, KINDS)
    assert "leads outside" in error.value.problems[-1].what


def test_a_pipe_is_not_waited_for(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "workbench.yaml")
    with pytest.raises(DefinitionError, match="not a regular file"):
        load(tmp_path, KINDS)


def test_a_built_in_checklist_by_its_name_unless_the_project_has_its_own(tmp_path):
    text = changed("[lists/smoke.yaml]", "[lists/smoke.yaml, pre-production]")
    found = loaded(tmp_path, text)
    assert found.checklist("pre-production").items
    assert found.mark("checklist", "pre-production").file == "built-in:pre-production.yaml"
    (tmp_path / "checklists").mkdir()
    (tmp_path / "checklists" / "pre-production.yaml").write_text(SMOKE.replace("smoke", "pre-production"))
    assert loaded(tmp_path, text).checklist("pre-production").title == "Smoke"


def test_an_unknown_checklist_is_told_with_the_nearest(tmp_path):
    text = changed("[lists/smoke.yaml]", "[lists/smoke.yaml, pre-prodution]")
    (problem,) = problems(tmp_path, text)
    assert (problem.line, problem.column) == place_of(text, "pre-prodution")
    assert problem.hint == "did you mean pre-production?"


def test_the_built_in_checklists_are_right(tmp_path):
    names = sorted(path.stem for path in shipped.checklists().glob("*.yaml"))
    found = loaded(tmp_path, f"project: shop\nchecklists: [{', '.join(names)}]\n")
    assert [checklist.checklist for checklist in found.checklists] == names


def test_the_project_is_found_from_a_folder_inside_it(tmp_path):
    write(tmp_path)
    assert find_project(tmp_path / "lists") == tmp_path
    other = tmp_path / "lists" / "other"
    other.mkdir()
    (other / "workbench.yml").touch()
    with pytest.raises(UsageError, match="called workbench"):
        find_project(other)


def test_no_project_says_what_to_do(tmp_path):
    with pytest.raises(UsageError) as error:
        find_project(tmp_path)
    assert "workbench init" in str(error.value.hint)
    with pytest.raises(DefinitionError, match="cannot be read"):
        load(tmp_path, KINDS)


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [(b"", 0, 0), (b"just text", 1, 1), ("project: x".encode("utf-16"), 0, 0), (b"a: \xff", 1, 4), (b"#" * 1_000_001, 0, 0)],
    ids=["empty", "text", "UTF-16", "Latin-1", "large"],
)  # fmt: skip
def test_a_file_that_is_no_project(tmp_path, data, line, column):
    (tmp_path / "workbench.yaml").write_bytes(data)
    with pytest.raises(DefinitionError) as error:
        load(tmp_path, KINDS)
    (problem,) = error.value.problems
    assert (problem.line, problem.column) == (line, column)


def test_too_many_files_stop(tmp_path):
    parts = {f"parts__p{n}": "#" * 999_900 + "\npeople: []\n" for n in range(7)}
    found = problems(tmp_path, "include: ['parts/*.yaml']\n" + SHOP, **parts)
    assert {problem.what for problem in found if problem.file == "workbench.yaml"} == {
        "the project's files are larger than 5 MB together"
    }


def test_mistakes_between_definitions_can_be_warnings(tmp_path):
    write(tmp_path, changed("{role: owner}", "{role: onwer}"))
    found = load(tmp_path, KINDS, strict=False)
    assert [(problem.severity, problem.hint) for problem in found.warnings] == [
        ("error", "did you mean owner?")
    ]
    write(tmp_path, changed("kind: metrics", "kind: metrix"))
    with pytest.raises(DefinitionError):
        load(tmp_path, KINDS, strict=False)
