"""Archives of bundles: one spelling for one list of files, and everything else refused by name without unpacking."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.errors import UsageError
from workbench.usecases.bundling import archives, reading
from workbench.usecases.bundling.archives import File
from workbench.usecases.bundling.checking import check
from workbench.usecases.bundling.names import NotIntact, check_name, check_twins

NAMES = st.lists(
    st.from_regex(r"[a-z0-9]{1,9}(\.[a-z]{1,4})?", fullmatch=True).filter(lambda name: not _device(name)),
    unique=True,
    min_size=1,
    max_size=6,
)


def _device(name: str) -> bool:
    return name.split(".")[0] in ("con", "prn", "aux", "nul", "com1", "lpt1") or name[:3] in ("com", "lpt")


def files(*parts: tuple[str, bytes]) -> list[File]:
    return [File(f"b/{name}", len(data), lambda data=data: data) for name, data in parts]  # type: ignore[misc]


def refusal(path: Path) -> str:
    with pytest.raises(NotIntact) as caught:
        reading.open_bundle(path).close()
    return caught.value.what


@pytest.mark.parametrize("pieces", [archives.zip_pieces, archives.tar_gz_pieces])
@given(
    names=NAMES, sizes=st.lists(st.integers(0, 200_000), min_size=6, max_size=6), letter=st.integers(0, 255)
)
def test_what_is_written_is_read_back_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory,
    pieces: Callable[[list[File]], list[bytes]],
    names: list[str],
    sizes: list[int],
    letter: int,
) -> None:
    parts = [(name, bytes([letter]) * size) for name, size in zip(names, sizes, strict=False)]
    path = tmp_path_factory.mktemp("archive") / "a"
    path.write_bytes(b"".join(pieces(files(*parts))))
    opened = reading.open_bundle(path)
    assert {name: b"".join(opened.chunks(name)) for name in opened.sizes} == dict(parts)
    assert opened.folder == "b"
    opened.close()


def test_what_is_written_is_read_by_other_programs(tmp_path: Path) -> None:
    parts = [("one.txt", b"one"), ("empty", b""), ("deep/er/two.bin", bytes(range(256)) * 1000)]
    zipped, tarred = tmp_path / "a.zip", tmp_path / "a.tar.gz"
    zipped.write_bytes(b"".join(archives.zip_pieces(files(*parts))))
    tarred.write_bytes(b"".join(archives.tar_gz_pieces(files(*parts))))
    with zipfile.ZipFile(zipped) as found:
        assert found.testzip() is None
        assert {name.removeprefix("b/"): found.read(name) for name in found.namelist()} == dict(parts)
    with tarfile.open(tarred) as tar:
        read = {one.name: tar.extractfile(one) for one in tar.getmembers()}
        assert {name[2:]: file.read() for name, file in read.items() if file} == dict(parts)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("/etc/passwd", "absolute"),
        ("C:/windows", "absolute"),
        ("\\\\server\\share", "absolute"),
        ("a\\b", "backslash"),
        ("../out", "leads out"),
        ("b/../../out", "leads out"),
        ("b/nul", "device"),
        ("b/COM1.txt", "device"),
        ("b/aux.json", "device"),
        ("b/" + "x" * 300, "too long"),
        ("b/c/d/e/f/g/h", "too deep"),
        ("b/\x1b[2Jx", "no bundle has"),
        ("b/a b", "no bundle has"),
        ("b//c", "no bundle has"),
        ("b/.", "no bundle has"),
        ("b/.git", "no bundle has"),
        ("b/ends.", "no bundle has"),
        ("b/ümlaut", "no bundle has"),
        ("b/a:stream", "no bundle has"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(NotIntact, match=why):
        check_name(name)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        info = zipfile.ZipInfo("x")
        info.filename = name
        made.writestr(info, b"x")
    assert why in refusal(path) or "no bundle has" in refusal(path)
    path.write_bytes(gzipped(tarred((name, b"x", tarfile.REGTYPE))))
    assert why in refusal(path) or "no bundle has" in refusal(path)
    assert "\x1b" not in refusal(path)


def gzipped(data: bytes) -> bytes:
    return b"".join(archives.gzip_pieces([data]))


def tarred(*members: tuple[str, bytes, bytes], link: str = "") -> bytes:
    """A tar as another program makes one."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, data, kind in members:
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = len(data), kind, link
            tar.addfile(info, io.BytesIO(data))
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (tarfile.SYMTYPE, "is a link"),
        (tarfile.LNKTYPE, "is a link"),
        (tarfile.CHRTYPE, "is a device"),
        (tarfile.BLKTYPE, "is a device"),
        (tarfile.FIFOTYPE, "is a pipe"),
        (tarfile.DIRTYPE, "is a folder"),
        (tarfile.GNUTYPE_SPARSE, "sparse"),
    ],
)
def test_a_tar_with_something_else_than_files_is_refused(tmp_path: Path, kind: bytes, why: str) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzipped(tarred(("b/x", b"", kind), link="/etc/passwd")))
    assert why in refusal(path)


def test_a_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    data = bytearray(b"".join(archives.zip_pieces(files(("x", b"/etc/passwd")))))
    at = data.index(b"PK\x01\x02")
    data[at + 38 : at + 42] = struct.pack("<L", 0o120777 << 16)
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert "“b/x” is a link" in refusal(path)


def test_links_pipes_and_links_to_folders_in_a_folder_are_refused(tmp_path: Path) -> None:
    for number, make in enumerate(
        (
            lambda place: (place / "x").symlink_to("/etc/passwd"),
            lambda place: (place / "x").symlink_to("/etc"),
            lambda place: os.mkfifo(place / "x"),
        )
    ):
        place = tmp_path / str(number)
        place.mkdir()
        make(place)
        assert "is a link" in refusal(place) or "a pipe" in refusal(place)


def test_twins_are_refused(tmp_path: Path) -> None:
    for names in (("a", "a"), ("readme", "README"), ("a", "a/b")):
        with pytest.raises(NotIntact):
            check_twins(names)
    path = tmp_path / "a.zip"
    path.write_bytes(b"".join(archives.zip_pieces(files(("x", b"1"), ("x", b"2")))))
    assert "there twice" in refusal(path)
    path.write_bytes(b"".join(archives.zip_pieces(files(("x", b"1"), ("X", b"2")))))
    assert "one file on some systems" in refusal(path)


def test_what_is_compressed_or_encrypted_is_refused_and_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("b/bomb", b"\0" * 50_000_000)
    assert path.stat().st_size < 100_000
    assert "“b/bomb” is compressed" in refusal(path)
    data = bytearray(b"".join(archives.zip_pieces(files(("x", b"secret")))))
    data[6] |= 1
    path.write_bytes(data)
    assert "is encrypted" in refusal(path)
    path.write_bytes(gzip.compress(b"\0" * 50_000_000))
    assert "it is compressed" in refusal(path)


def test_sizes_that_cannot_be_are_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    data = bytearray(b"".join(archives.zip_pieces(files(("x", b"y")))))
    data[18:26] = struct.pack("<LL", 3_000_000_000, 3_000_000_000)
    path.write_bytes(data)
    assert "says that it has 3.0 GB" in refusal(path)
    data[18:26] = b"\xff" * 8
    path.write_bytes(data)
    assert "more than 4 GB" in refusal(path)
    head = bytearray(archives.tar_head("b/x", 8 * 10**9))
    path.write_bytes(gzipped(bytes(head) + bytes(1024)))
    assert "says that it has 8.0 GB" in refusal(path)
    # 10 GB, as the larger numbers of GNU tar say it
    head[124:136] = b"\x80" + (10 * 10**9).to_bytes(11, "big")
    path.write_bytes(gzipped(bytes(head) + bytes(1024)))
    assert "a size that cannot be" in refusal(path)
    head = bytearray(archives.tar_head("b/x", 5000))
    path.write_bytes(gzipped(bytes(head) + bytes(1024)))
    assert "larger than the archive" in refusal(path)


def test_a_file_with_holes_of_many_gigabytes_in_a_folder_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "index.json").open("wb") as file:
        file.truncate(10 * 10**9)
    assert "says that it has 10.0 GB" in refusal(tmp_path)


def test_an_archive_that_another_program_packed_says_to_unpack_it(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("b/x", b"y")
    with pytest.raises(NotIntact) as caught:
        reading.open_bundle(path)
    assert "unpack it and verify the folder" in str(caught.value.hint)


@pytest.mark.parametrize("pieces", [archives.zip_pieces, archives.tar_gz_pieces])
def test_what_stands_after_or_between_the_files_is_refused(
    tmp_path: Path, pieces: Callable[[list[File]], list[bytes]]
) -> None:
    path = tmp_path / "a"
    data = b"".join(pieces(files(("x", b"y" * 3000), ("z", b"1"))))
    for wrong in (data + b"\0", data[:-1], data[:100] + b"\0" + data[100:], b"", data[:30]):
        path.write_bytes(wrong)
        with pytest.raises((NotIntact, UsageError)):
            reading.open_bundle(path)


def test_an_archive_within_a_bundle_is_never_opened(tmp_path: Path) -> None:
    inner = b"".join(archives.zip_pieces(files(("x", b"y"))))
    path = tmp_path / "a.zip"
    path.write_bytes(b"".join(archives.zip_pieces(files(("inner.zip", inner)))))
    opened = reading.open_bundle(path)
    assert opened.sizes == {"inner.zip": len(inner)}
    opened.close()
    found = check(path)
    assert (found.exit_code, found.problems) == (4, ("“index.json” is missing",))


@given(st.binary(max_size=3000))
def test_any_bytes_are_refused_in_words(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("odd") / "a"
    for begin in (b"", b"PK\x03\x04", archives.GZIP_HEAD):
        path.write_bytes(begin + data)
        with pytest.raises((NotIntact, UsageError)):
            reading.open_bundle(path)
    stored = gzipped(data)
    assert zlib.decompress(stored, 31) == data
    path.write_bytes(stored)
    with pytest.raises((NotIntact, UsageError)):
        reading.open_bundle(path)
