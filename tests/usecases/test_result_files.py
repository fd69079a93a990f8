"""Importing results: what is taken, what is left out and why, and what counts for what blocks."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import EntryPoint
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.sources.totals import Totals

from workbench.criteria import Verdict
from workbench.evidence.results import result_files
from workbench.gates.kinds.benchmarks.judging import further
from workbench.model.errors import UsageError
from workbench.releases import model as releases
from workbench.sources.kinds import KINDS
from workbench.usecases import fetching
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.given_files import given_files
from workbench.usecases.manifests import write_manifest
from workbench.usecases.result_files import Imported, Said, import_results, invalidate
from workbench.usecases.views.clearing import command

PROJECT = (
    build.HEAD
    + build.PEOPLE
    + """\
sources:
  - {key: load, kind: totals, files: 'results/load*.json'}
benchmarks:
  - key: total
    flow: checkout
    title: The total
    measure: {source: load, read: value}
    pass: <= 5
    mode: blocking
gates:
  - {key: go, title: Go, requires: [benchmarks: {}]}
"""
)
TWO = PROJECT.replace(
    "benchmarks:\n", "  - {key: soak, kind: totals, files: 'results/soak*.json'}\nbenchmarks:\n", 1
)
REASON = "the CI run 4711 of this commit wrote it"


@pytest.fixture(autouse=True)
def totals(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("totals", "tests.sources.totals:KIND", "workbench.sources")
    monkeypatch.setattr(KINDS, "_others", {"totals": entry})


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", PROJECT) as context:
        yield context


def file(folder: Path, name: str = "load.json", value: int = 3, commit: str = "") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(Totals(value, commit, build.NOW - timedelta(hours=1))))
    return path


def taken(context: Context, *paths: Path, keeping: bool = True, **said: object) -> list[Imported]:
    return import_results(
        context, given_files(paths, context.root), msgspec.convert(said, Said), keeping=keeping
    )


def verdict(context: Context) -> Verdict:
    return verdict_of(evaluate(context), "total").outcome.verdict


def kept(context: Context) -> int:
    held = releases.find(context.record, None)
    return len(result_files(context.record, held.candidate_id or ""))


def test_a_file_that_names_the_commit_counts(shop: Context, tmp_path: Path) -> None:
    (one,) = taken(shop, file(tmp_path / "ci", commit=build.SHA))
    assert (one.format, one.bound, one.sources, one.left_out) == ("totals", "told", ("load",), ())
    assert [str(reading.value) for reading in one.taken] == ["3"]
    assert verdict(shop) is Verdict.PASS


def test_a_file_without_a_commit_meets_nothing_that_blocks(shop: Context, tmp_path: Path) -> None:
    (one,) = taken(shop, file(tmp_path))
    assert (one.bound, one.taken[0].mark) == ("", "asserted")
    found = verdict_of(evaluate(shop), "total")
    assert found.outcome.verdict is Verdict.MISSING
    assert "--commit" in found.outcome.reason


def test_what_comes_next_is_to_name_the_commit_not_to_fetch_again(shop: Context, tmp_path: Path) -> None:
    taken(shop, file(tmp_path))
    found = evaluate(shop)
    step = further(verdict_of(found, "total"), found.facts)
    assert command(step) == f"workbench import FILE --commit {build.SHA[:7]} --reason WHY"


def test_a_person_says_which_commit_it_is_of_and_why(shop: Context, tmp_path: Path) -> None:
    (one,) = taken(shop, file(tmp_path), commit=build.SHA[:10], reason=REASON)
    assert one.bound == "given"
    assert verdict(shop) is Verdict.PASS
    assert REASON in str(one.taken[0].facts["commit_said_by"])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"commit": build.SHA_2, "reason": REASON}, "the candidate is"),
        ({"commit": build.SHA[:4], "reason": REASON}, "the candidate is"),
        ({"commit": build.SHA}, "needs a reason"),
        ({"commit": build.SHA, "reason": "TBD"}, "needs a reason"),
        ({"reason": REASON}, "--reason says why"),
        ({"sources": ["lod"]}, "no source"),
    ],
)
def test_what_is_said_of_a_file_is_checked_before_anything_is_kept(
    shop: Context, tmp_path: Path, said: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        taken(shop, file(tmp_path), **said)
    assert not kept(shop)


def test_a_file_of_another_commit_is_left_out_whole(shop: Context, tmp_path: Path) -> None:
    taken(shop, file(tmp_path, commit=build.SHA))
    (one,) = taken(shop, file(tmp_path, "load-2.json", 9, build.SHA_2), commit=build.SHA, reason=REASON)
    assert not one.bound and not one.taken and build.SHA_2[:7] in one.left_out[0].why
    (two,) = taken(shop, file(tmp_path / "other", value=9, commit=build.SHA_2))
    assert (two.taken, two.left_out[0].what) == ((), "total in staging")
    assert f"of commit {build.SHA_2[:7]}" in two.left_out[0].why
    assert (verdict(shop), kept(shop)) == (Verdict.PASS, 1)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"what is this", "format is not known"),
        (b'{"value": ', "format is not known"),
        (b'{"value": "x"}', "cannot be read"),
        (gzip.compress(b"x" * 100, mtime=0)[:-9], "cut off"),
    ],
)
def test_what_cannot_be_used_is_said_and_not_kept(
    shop: Context, tmp_path: Path, data: bytes, why: str
) -> None:
    path = tmp_path / "load.json"
    path.write_bytes(data)
    (one,) = taken(shop, path)
    assert not one.taken and why in one.left_out[0].why
    assert (kept(shop), shop.record.count("batch")) == (0, 0)


def test_one_bad_file_costs_only_itself_where_sources_differ(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", TWO) as shop:
        broken = tmp_path / "soak.json"
        broken.write_bytes(b'{"value": "x"}')
        good, bad = taken(shop, file(tmp_path, commit=build.SHA), broken)
        assert good.taken and not bad.taken
        assert bad.left_out[0].why.startswith("no benchmark")


def test_the_patterns_of_sources_say_who_reads_a_file(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", TWO) as shop:
        (one,) = taken(shop, file(tmp_path, "results/load-1.json", commit=build.SHA))
        assert one.sources == ("load",)
        (other,) = taken(shop, file(tmp_path, "other.json", commit=build.SHA))
        assert "--source KEY" in other.left_out[0].hint
        (said,) = taken(shop, file(tmp_path, "other.json", commit=build.SHA), sources=["load"])
        assert said.sources == ("load",) and said.taken


def test_a_person_says_of_which_environment_a_file_is(tmp_path: Path) -> None:
    text = PROJECT.replace("'results/load*.json'", "'results/$environment.json'").replace(
        "<= 5", "<= 2x baseline"
    )
    with build.shop(tmp_path / "shop", text) as shop:
        (one,) = taken(shop, file(tmp_path, commit=build.SHA))
        assert not one.taken and "--environment" in one.left_out[0].hint
        (one,) = taken(shop, file(tmp_path, commit=build.SHA), environment="staging")
        assert [reading.environment for reading in one.taken] == ["staging"]
        (two,) = taken(shop, file(tmp_path, "live.json", 2, build.SHA), environment="production")
        assert [reading.role for reading in two.taken] == ["baseline"]
        assert verdict(shop) is Verdict.PASS
        with pytest.raises(UsageError, match="no environment"):
            taken(shop, file(tmp_path), environment="stagging")


def test_a_project_without_such_a_source_is_told_which_one_to_add(tmp_path: Path) -> None:
    text = PROJECT.replace("kind: totals, files: 'results/load*.json'", "kind: manual").replace(
        "read: value", "how: Look"
    )
    with build.shop(tmp_path / "shop", text) as shop:
        (one,) = taken(shop, file(tmp_path))
        assert (one.words, one.left_out[0].hint) == ("totals", "workbench source new totals")


def test_a_fetch_reads_imported_files_again(shop: Context, tmp_path: Path) -> None:
    taken(shop, file(tmp_path, commit=build.SHA))
    fetching.fetch(shop)
    assert verdict(shop) is Verdict.PASS
    assert kept(shop) == 1


def test_importing_the_same_again_adds_no_second_file(shop: Context, tmp_path: Path) -> None:
    for _ in range(2):
        taken(shop, file(tmp_path, commit=build.SHA))
    assert kept(shop) == 1


def test_a_corrected_file_of_the_same_name_takes_the_place_of_the_earlier_one(
    shop: Context, tmp_path: Path
) -> None:
    taken(shop, file(tmp_path))
    assert verdict(shop) is Verdict.MISSING
    taken(shop, file(tmp_path), commit=build.SHA, reason=REASON)
    assert verdict(shop) is Verdict.PASS
    fetching.fetch(shop)
    assert verdict(shop) is Verdict.PASS


def test_a_file_that_is_invalidated_counts_no_more(shop: Context, tmp_path: Path) -> None:
    taken(shop, file(tmp_path, "load.json", 9, build.SHA))
    assert verdict(shop) is Verdict.FAIL
    with pytest.raises(UsageError, match="no file"):
        invalidate(shop, "lod.json", REASON)
    (stored,) = result_files(shop.record, releases.find(shop.record, None).candidate_id or "").values()
    invalidate(shop, stored.name, "it was the run before the fix")
    assert (verdict(shop), kept(shop)) == (Verdict.MISSING, 0)


def test_a_list_of_ci_binds_files_that_have_no_place_for_a_commit(shop: Context, tmp_path: Path) -> None:
    result = file(tmp_path)
    manifest = tmp_path / "results.json"
    manifest.write_bytes(write_manifest([result], build.SHA, "https://ci.example.com/runs/7"))
    told, one = taken(shop, manifest, result)
    assert (told.format, one.bound, verdict(shop)) == ("manifest", "given", Verdict.PASS)
    result.write_bytes(result.read_bytes() + b" ")
    told, one = taken(shop, manifest, result)
    assert (one.bound, told.left_out[0].what) == ("", "load.json")


def test_files_of_one_name_that_are_imported_together_all_stay(shop: Context, tmp_path: Path) -> None:
    paths = [
        file(tmp_path / job / "out" / "a" / "b", value=value, commit=build.SHA)
        for job, value in (("one", 9), ("two", 3))
    ]
    assert {one.file for one in taken(shop, *paths, paths[0])} == {
        "one/out/a/b/load.json",
        "two/out/a/b/load.json",
    }
    assert kept(shop) == 2


def test_two_of_one_name_in_an_archive_are_told_apart(shop: Context, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
        for value in (9, 3):
            with pytest.warns(UserWarning) if value == 3 else contextlib.nullcontext():
                archive.write(file(tmp_path / str(value), value=value, commit=build.SHA), "load.json")
    assert len({one.file for one in taken(shop, tmp_path / "run.zip")}) == kept(shop) == 2


def test_what_takes_the_place_of_an_earlier_file_says_so(shop: Context, tmp_path: Path) -> None:
    taken(shop, file(tmp_path / "one/out/a/b", value=9, commit=build.SHA))
    (one,) = taken(shop, file(tmp_path / "two/out/a/b", value=3, commit=build.SHA))
    (said,) = one.left_out
    assert (said.what, said.why) == ("what was imported before under this name", "this file takes its place")
    assert "--name" in said.hint


@pytest.mark.parametrize(
    ("data", "words", "hint"),
    [
        (b"\0" * 257 + b"ustar\0" + b"\0" * 700, "an archive", "unpack"),
        ('{"value": 3}'.encode("utf-16"), "UTF-16", "UTF-8"),
    ],
)
def test_what_is_packed_or_written_otherwise_says_so(
    shop: Context, tmp_path: Path, data: bytes, words: str, hint: str
) -> None:
    (tmp_path / "load.json").write_bytes(data)
    (said,) = taken(shop, tmp_path / "load.json")[0].left_out
    assert words in said.why and hint in said.hint


def test_a_list_may_name_a_file_as_it_was_compressed(shop: Context, tmp_path: Path) -> None:
    packed = tmp_path / "load.json.gz"
    packed.write_bytes(gzip.compress(file(tmp_path).read_bytes()))
    written = tmp_path / "results.json"
    written.write_bytes(write_manifest([packed], build.SHA))
    told, one = taken(shop, written, packed)
    assert (told.left_out, one.file[-9:], one.bound) == ((), "load.json", "given")


def test_a_list_of_another_commit_binds_nothing(shop: Context, tmp_path: Path) -> None:
    result = file(tmp_path)
    manifest = tmp_path / "results.json"
    manifest.write_bytes(write_manifest([result], build.SHA_2))
    told, one = taken(shop, manifest, result)
    assert not one.bound and "is of commit" in told.left_out[0].why
    manifest.write_bytes(manifest.read_bytes().replace(b"results.1", b"results.9"))
    told, one = taken(shop, manifest, result)
    assert "reads workbench.results.1" in told.left_out[0].why
    with pytest.raises(UsageError, match="no full commit"):
        write_manifest([result], build.SHA[:8])
    digest = hashlib.sha256(result.read_bytes()).hexdigest()
    assert digest in write_manifest([result], build.SHA).decode()


def test_archives_are_unpacked_within_limits_and_lead_nowhere(shop: Context, tmp_path: Path) -> None:
    data = file(tmp_path, commit=build.SHA).read_bytes()
    packed = tmp_path / "artifact.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../results/load-1.json", data)
        archive.writestr("bomb.json", b" " * 70 * 2**20)
    one, bomb = taken(shop, packed)
    assert one.file.endswith("artifact.zip/results/load-1.json") and one.taken
    assert "larger than" in bomb.left_out[0].why
    plain = tmp_path / "load.json.gz"
    plain.write_bytes(gzip.compress(data))
    (one,) = taken(shop, plain)
    assert one.file.endswith("load.json") and one.taken
    packed.write_bytes(packed.read_bytes()[:200])
    with pytest.raises(UsageError, match="cannot be unpacked"):
        taken(shop, packed)


def test_a_dry_run_keeps_nothing(shop: Context, tmp_path: Path) -> None:
    (one,) = taken(shop, file(tmp_path, commit=build.SHA), keeping=False)
    assert one.taken and (kept(shop), shop.record.count("batch")) == (0, 0)


def test_a_folder_a_pipe_and_a_missing_file_are_refused(shop: Context, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "nothing"):
        with pytest.raises(UsageError):
            given_files([path], shop.root)


def test_a_secret_in_a_file_is_not_kept(shop: Context, tmp_path: Path) -> None:
    path = file(tmp_path, commit=build.SHA)
    token = "ghp_" + "a1B2" * 9
    path.write_text(json.dumps({**json.loads(path.read_text()), "note": token}))
    taken(shop, path)
    held = releases.find(shop.record, None)
    (stored,) = result_files(shop.record, held.candidate_id or "").values()
    blob = shop.record.blob(stored.digest)
    assert blob is not None and token.encode() not in blob.data
    assert any("removed before saving" in remark for remark in shop.remarks)


def test_a_file_that_two_kinds_read_asks_which(
    shop: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = {
        name: EntryPoint(name, "tests.sources.totals:KIND", "workbench.sources")
        for name in ("totals", "sums")
    }
    monkeypatch.setattr(KINDS, "_others", entries)
    (one,) = taken(shop, file(tmp_path, commit=build.SHA))
    assert (one.left_out[0].why, one.left_out[0].hint) == (
        "it may be totals or sums",
        "say which: --kind KIND",
    )
    (one,) = taken(shop, file(tmp_path, commit=build.SHA), kind="totals")
    assert one.taken
