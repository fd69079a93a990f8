"""Versions as programs tell them: numbers are compared, and what has none is never called equal."""

from __future__ import annotations

import pytest

from workbench.sources.versions.reading import Image, Level, distance, read_image, read_version


@pytest.mark.parametrize(
    ("text", "numbers", "rest"),
    [
        ("v1.29.4-gke.1", (1, 29, 4), "-gke.1"),
        ("15.4 (Debian 15.4-1)", (15, 4), "(Debian 15.4-1)"),
        ("PostgreSQL 15.4 on x86_64-pc-linux-gnu", (15, 4), "on x86_64-pc-linux-gnu"),
        ("1:2.0-3ubuntu1", (2, 0), "-3ubuntu1"),
        ("nginx/1.25.3", (1, 25, 3), ""),
        ("redis_version:7.0.11", (7, 0, 11), ""),
        ("Python 3.11.4", (3, 11, 4), ""),
        ("release-2024.1", (2024, 1), ""),
        ("20231101", (20231101,), ""),
        (" 2.0 ", (2, 0), ""),
        ("3.2.1rc1", (3, 2, 1), "rc1"),
        ("11.0.21+9", (11, 0, 21), "+9"),
    ],
)
def test_leading_numbers_are_read(text, numbers, rest):
    version = read_version(text)
    assert (version.numbers, version.rest) == (numbers, rest)


@pytest.mark.parametrize(
    "text",
    [
        "latest", "", "sha256:4f8c1d2e3b4a5968778695a4b3c2d1e0f00112233445566778899aabbccddeef", "3f2a9c1", "1234567",
        "bookworm", "main-3f2a9c1", "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d", "\x1b[31m1.2", "٣.٤",
    ],
)  # fmt: skip
def test_what_has_no_leading_numbers_is_kept_as_text(text):
    assert read_version(text).numbers == ()


def test_a_text_from_outside_cannot_steer_a_terminal():
    assert "\x1b" not in read_version("1.2\x1b[2J").text
    assert len(read_version("1" * 10_000).text) <= 100


@pytest.mark.parametrize(
    ("staging", "production", "level", "words"),
    [
        ("v1.29.4-gke.1", "1.29.4-gke.1", Level.SAME, "the same"),
        ("v1.29.4-gke.1", "v1.29.4-gke.2", Level.BUILD, "the same numbers, another build"),
        ("v1.29.3", "v1.29.4-gke.1", Level.PATCH, "1 patch version behind"),
        ("1.27.0", "1.29.4", Level.MINOR, "2 minor versions behind"),
        ("16.0", "15.4 (Debian 15.4-1)", Level.MAJOR, "1 major version ahead"),
        ("1:2.0-3ubuntu1", "2.0-3ubuntu1", Level.MAJOR, "1 epoch ahead"),
        ("1:2.0-3ubuntu1", "1:2.0-3ubuntu2", Level.BUILD, "the same numbers, another build"),
        ("15", "15.4", Level.INEXACT, "15 does not say which; the other is 15.4"),
        ("1.2.3.4", "1.2.3.5", Level.PATCH, "1 patch version behind"),
        ("latest", "latest", Level.SAME_TEXT, "both say latest, which may be two builds"),
        ("latest", "1.2", Level.OTHER_TEXT, "different, and how far apart cannot be told"),
        ("bookworm", "bookworm", Level.SAME_TEXT, "the same text, without a number to compare"),
        ("3f2a9c1", "3f2a9c2", Level.OTHER_TEXT, "different, and how far apart cannot be told"),
        ("", "", Level.SAME_TEXT, "the same text, without a number to compare"),
    ],
)
def test_how_far_apart(staging, production, level, words):
    found = distance(read_version(staging), read_version(production))
    assert (found.level, found.words) == (level, words)


def test_what_cannot_be_compared_is_within_nothing():
    for one, other in (("latest", "latest"), ("15", "15.4"), ("a", "b")):
        assert not distance(read_version(one), read_version(other)).within(Level.MAJOR)
    patch = distance(read_version("1.2.3"), read_version("1.2.4"))
    assert patch.within(Level.PATCH) and patch.within(Level.MINOR) and not patch.within(Level.BUILD)


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("postgres:15.4-bookworm", Image("postgres", "15.4-bookworm")),
        ("registry.example:5000/shop/api:v1.2", Image("shop/api", "v1.2")),
        ("registry.example:5000/shop/api", Image("shop/api")),
        ("localhost/web", Image("web")),
        ("shop/web@sha256:" + "a" * 64, Image("shop/web", "", "sha256:" + "a" * 64)),
        ("shop/web:2@sha256:" + "a" * 64, Image("shop/web", "2", "sha256:" + "a" * 64)),
        ("${IMAGE}", None),
        ("", None),
        ("a b", None),
    ],
)
def test_images(text, image):
    assert read_image(text) == image


def test_an_image_without_a_tag_means_the_newest():
    image = read_image("web")
    assert image is not None and read_version(image.version).moves


@pytest.mark.parametrize("text", ["latest", "shop:latest", "web:main"])
def test_what_names_only_the_newest_moves(text):
    assert read_version(text).moves
