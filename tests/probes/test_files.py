"""Files of both environments by type, size and reads; from folders and from lists as programs print them."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from tests.probes.asking import probe, ran

from workbench.definitions.shapes import Severity
from workbench.model.errors import SourceError
from workbench.probes.kinds.files.listing import Listed, files_in, list_folder, without
from workbench.probes.kinds.files.probing import size_class, size_text

PRODUCTION = "path,size,reads\n" + "".join(
    [f"scan{number}.pdf,{2_000_000 + number},5\n" for number in range(60)]
    + [f"photo{number}.heic,{300_000 + number},1\n" for number in range(30)]
    + [f"note{number}.txt,0,0\n" for number in range(9)]
    + ["video.mp4,500000000,400\n"]
)
STAGING = "path,size,reads\n" + "".join(f"scan{number}.pdf,{200_000 + number},1\n" for number in range(9))


def looked(tmp_path, staging, production, proving=False, **fields):
    (tmp_path / "staging.csv").write_text(staging)
    (tmp_path / "production.csv").write_text(production)
    config = {"staging": "staging.csv", "production": "production.csv", **fields}
    (found,) = ran([probe("files", config)], root=tmp_path, proving=proving)
    return found


def test_files_that_are_alike_pass(tmp_path):
    found = looked(tmp_path, PRODUCTION, PRODUCTION, covered=95)
    assert (found.run.why, found.changes) == ("", ())
    (score,) = found.run.scores
    assert (score.key, score.value, score.of, score.limit) == ("file_coverage", 1, 100, Decimal("0.95"))


def test_what_staging_lacks_is_listed(tmp_path):
    found = looked(tmp_path, STAGING, PRODUCTION)
    assert [(change.path, change.title) for change in found.changes] == [
        ("count", "staging holds 1/11 of production's files"),
        ("reads/by the most read tenth", "the share of reads of the most read tenth of files"),
        ("size/largest", "staging has no file as large as production's largest"),
        ("size/median", "files are of another size: the median"),
        ("sizes/empty", "files empty are not in staging"),
        ("sizes/to 1 GB", "files to 1 GB are not in staging"),
        ("sizes/to 1 MB", "the share of files to 1 MB"),
        ("sizes/to 10 MB", "files to 10 MB are not in staging"),
        ("type/heic", "files of type heic are not in staging"),
        ("type/mp4", "files of type mp4 are not in staging"),
        ("type/pdf", "the share of files of type pdf"),
        ("type/txt", "files of type txt are not in staging"),
    ]
    assert found.changes[0].severity is Severity.LOW
    (score,) = found.run.scores
    assert score.value == 0 and score.words.startswith("not in staging: pdf to 10 MB, heic to 1 MB")


@pytest.mark.parametrize("form", ["csv", "json", "find"])
def test_every_planted_difference_is_found(tmp_path, form):
    rows = [row.split(",") for row in PRODUCTION.splitlines()[1:]]
    text = {
        "csv": PRODUCTION,
        "json": json.dumps({"Contents": [{"Key": path, "Size": int(size)} for path, size, _ in rows]}),
        "find": "".join(f"{size} {path}\n" for path, size, _ in rows),
    }[form]
    proof = looked(tmp_path, text, text, proving=True).proof
    assert proof is not None
    assert [plant.title for plant in proof.planted if not plant.found] == []
    assert proof.whole and {plant.key for plant in proof.planted} == {
        "gone-type",
        "no-large-files",
        "gone-size",
    }


def test_folders(tmp_path):
    for side in ("staging", "production"):
        (tmp_path / side / "in").mkdir(parents=True)
        (tmp_path / side / "in" / "a.pdf").write_bytes(b"%PDF-1.7 text")
        (tmp_path / side / "b.jpeg").write_bytes(b"\xff\xd8\xff\xe0 text")
    (tmp_path / "staging" / "b.jpeg").write_bytes(b"\x89PNG text here")
    (tmp_path / "staging" / "link").symlink_to("/etc")
    (found,) = ran([probe("files", {"staging": "staging/", "production": "production/"})], root=tmp_path)
    assert [change.path for change in found.changes] == ["type/jpeg", "type/jpeg that holds png"]
    listed = files_in(list_folder(tmp_path, "staging"), "x")
    assert sorted(one.type for one in listed) == ["jpeg that holds png", "pdf"]


@pytest.mark.parametrize(
    ("folder", "why"),
    [("../", "leads out of the project"), ("none/", "no such folder"), ("empty/", "there is no file")],
)
def test_folders_that_cannot_be_read(tmp_path, folder, why):
    (tmp_path / "empty").mkdir(exist_ok=True)
    (found,) = ran([probe("files", {"staging": folder, "production": "empty/"})], root=tmp_path)
    assert found.run.state == "error" and why in found.run.why


LS = """total 12
drwxr-xr-x 2 app app 4096 Nov 20 10:00 in
-rw-r--r-- 1 app app 12345 Nov 20 10:00 my report.pdf
lrwxrwxrwx 1 app app 7 Nov 20 10:00 x -> y

./in:
-rw-r--r--. 1 app app 0 Nov 20 2025 empty
"""
S3 = "2026-11-01 10:00:00      12345 in/my report.PDF\n2026-11-01 10:00:00          0 in/empty\n"


@pytest.mark.parametrize(
    "text",
    [
        LS,
        S3,
        "12345 ./my report.pdf\n0 ./empty\n",
        "12345\tmy report.pdf\n0\tempty\n",
        "Name;Bytes\nmy report.pdf;12345\nempty;0\n",
        "\ufeffpath\tsize\nmy report.pdf\t12345\nempty\t0\n",
        '[{"path": "my report.pdf", "size": 12345}, {"name": "empty", "size": "0"}, {"other": 1}, 7]',
    ],
)
def test_lists_as_programs_print_them(text):
    found = files_in(text.encode(), "list")
    assert found == [Listed("pdf", 12345), Listed("none", 0)]
    assert files_in(without(text.encode(), lambda one: one.type == "pdf"), "list") == [Listed("none", 0)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"what is this\n", "no line names a file"),
        (b"[{", "it is no JSON"),
        (b"\xff\xfe", "no line names a file"),
    ],
)
def test_lists_that_cannot_be_read(data, why):
    with pytest.raises(SourceError) as error:
        files_in(data, "list")
    assert why in error.value.what


def test_names_from_outside_are_made_safe():
    (one,) = files_in(b'[{"path": "a", "size": 1, "type": "\\u001b[31mred"}]', "list")
    assert "\x1b" not in one.type


def test_sizes():
    assert [size_class(size) for size in (0, 1, 10_001, 2 * 10**9)] == [
        "empty",
        "to 10 kB",
        "to 100 kB",
        "larger",
    ]
    assert [size_text(size) for size in (5, 1500, 2_500_000, 10**9)] == ["5 B", "1.5 kB", "2.5 MB", "1.0 GB"]
