"""JSON of another form, and files that another kind of source reads, are told in words that say what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from workbench.cli.running import root
from workbench.sources.other_form import in_words

GENERATED = Path(__file__).parents[1] / "data" / "generated"


class Part(msgspec.Struct):
    name: str
    size: int | None = None


class Whole(msgspec.Struct):
    parts: list[Part]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"{}", "“parts” is lacking"),
        (b"[]", "it has a list in place of an object"),
        (b'{"parts": {}}', "it has an object in place of a list (at parts)"),
        (b'{"parts": [{"size": 1}]}', "“name” is lacking (at parts[0])"),
        (
            b'{"parts": [{"name": "", "size": "1"}]}',
            "it has a text in place of a whole number (at parts[0].size)",
        ),
        (b'{"parts": [{"name": null}]}', "it has nothing in place of a text (at parts[0].name)"),
    ],
)
def test_another_form_is_told_in_words(document: bytes, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.json.decode(document, type=Whole)
    assert in_words(error.value) == said


def test_other_words_stay_as_they_are() -> None:
    assert in_words("JSON is malformed: invalid character (byte 4)").endswith("invalid character (byte 4)")


def test_a_file_of_another_kind_is_told_by_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    shutil.copy(GENERATED / "dbt" / "run.json", tmp_path / "results.json")
    (tmp_path / "workbench.yaml").write_text(
        "project: shop\n"
        "environments: [{key: staging, kind: staging}, {key: production, kind: production}]\n"
        "people: [{key: mara, name: Mara, roles: [owner]}]\n"
        "sources: [{key: scan, kind: soda, files: results.json}]\n",
        encoding="utf-8",
    )
    CliRunner().invoke(root, ["release", "new", "1.0", "--commit", "a" * 40, "--as", "mara"])
    done = CliRunner().invoke(root, ["source", "test", "scan", "--measure", "{read: failed}"])
    assert "results.json cannot be read: “hasErrors” is lacking" in done.output
    assert "It looks like run results of dbt, which is read by sources of kind dbt" in done.output
