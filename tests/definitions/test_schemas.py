"""The JSON Schema accepts what the reader accepts, and refuses what it refuses."""

from __future__ import annotations

import re

import jsonschema
import pytest
import yaml
from tests.definitions.shop import KINDS, SHOP, SMOKE, changed, loaded

from workbench import shipped
from workbench.definitions.schemas import schema


class EditorLoader(yaml.SafeLoader):
    """YAML as editors read it: dates, yes and no stay text."""


EditorLoader.yaml_implicit_resolvers = {
    letter: [(tag, form) for tag, form in resolvers if not tag.endswith(("timestamp", "bool", "int"))]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[0-9]+$"), list("0123456789"))


def fits(text: str, what: str = "project") -> bool:
    validator = jsonschema.Draft202012Validator(schema(KINDS, what))
    return validator.is_valid(yaml.load(text, Loader=EditorLoader))


@pytest.mark.parametrize("what", ["project", "part", "checklist"])
def test_the_schemas_are_schemas(what):
    made = schema(KINDS, what)
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert all("description" in definition or "enum" in definition for definition in made["$defs"].values())


def test_the_shop_fits(tmp_path):
    assert loaded(tmp_path)
    assert fits(SHOP)
    assert fits(SMOKE, "checklist")
    assert fits("people: [{key: ada, name: Ada}]\nbenchmarks:\n", "part")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    kind: metrics", "    kind: metrix"),
        ("    url: https", "    ulr: https"),
        ("    kind: staging", "    kind: stagign"),
        ("    dimension:", "    dimenson:"),
        ("      - checklist: smoke", "      - cheklist: smoke"),
        ("    flow: checkout", "    flow: Check Out"),
        ("    title: Go", "    title: [Go]"),
        ("      query: p95(checkout)\n", ""),
        ("{role: owner}", "{role: owner, count: 0}"),
        ("project: shop\n", ""),
    ],
)
def test_what_the_reader_refuses_does_not_fit(old, new):
    assert not fits(SHOP.replace(old, new, 1) if SHOP.count(old) > 1 else changed(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      - decided:", "      - {key: own, title: Mine, decided: low}"),
        ("      - decided:", "      - decided"),
        ("token: ${METRICS_TOKEN}", "token: {command: pass show x}"),
        ("token: ${METRICS_TOKEN}", "ratio: 0.25"),
        ("    title: Go", "    title: 2026"),
    ],
)
def test_other_ways_to_write_it_fit(tmp_path, old, new):
    text = changed(old, new)
    assert loaded(tmp_path, text)
    assert fits(text)


def test_an_included_file_or_checklist_is_no_project():
    assert not fits("people: []\n")
    assert not fits(SMOKE)
    assert not fits(SHOP, "part")


def test_the_built_in_checklists_fit():
    paths = sorted(shipped.checklists().glob("*.yaml"))
    assert paths
    assert all(fits(path.read_text(encoding="utf-8"), "checklist") for path in paths)
