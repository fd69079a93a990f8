"""Files of configuration as parameters: what counts as the same, where each stands, and what cannot be read."""

from __future__ import annotations

import codecs
import json

import pytest

from workbench.sources.configuration.reading import LARGEST, Reading, read
from workbench.sources.configuration.tree import Unreadable


def of(name: str, text: str | bytes) -> Reading:
    return read(name, text if isinstance(text, bytes) else text.encode())


def texts(name: str, text: str | bytes) -> dict[str, str]:
    return {path: value.text for path, value in of(name, text).values.items()}


def members(name: str, text: str, path: str) -> list[dict[str, str]]:
    return [{at: value.text for at, value in one.items()} for one in of(name, text).values[path].members]


def lines(name: str, text: str) -> dict[str, int]:
    return {path: value.line for path, value in of(name, text).values.items()}


def notes(name: str, text: str | bytes) -> list[str]:
    return [note.what for note in of(name, text).notes]


# --- each form ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app.yaml", "db:\n  pool: 5\n  hosts: [b, a]\n"),
        ("app.json", '{"db": {"pool": "5", "hosts": ["a", "b"]}}'),
        ("app.toml", '[db]\npool = 5.0\nhosts = ["b", "a"]\n'),
        ("app.tfvars", 'db = {\n  pool = 5\n  hosts = ["a", "b"]\n}\n'),
    ],
)
def test_the_same_said_in_different_forms_is_the_same(name: str, text: str) -> None:
    assert texts(name, text) == {"db/pool": "5", "db/hosts": "[a, b]"}


def test_a_properties_file_escapes_joins_and_separates_as_java_does() -> None:
    text = "# note\npool=5\nurl : https://x\nname  Caf\\u00e9\nlong = a,\\\n   b\nkey\\:with = 1\nempty\n"
    assert texts("a.properties", text) == {
        "pool": "5",
        "url": "https://x",
        "name": "Café",
        "long": "a,b",
        "key:with": "1",
        "empty": "",
    }


def test_an_ini_file_has_sections_comments_and_lines_that_go_on() -> None:
    text = (
        '; note\ntop = 1\n[db]\npool = 5 ; of each\ncolour = #fff\nname = "x"\nhosts =\n  a\n  b\n[empty]\n'
    )
    assert texts("a.ini", text) == {
        "top": "1",
        "db/pool": "5",
        "db/colour": "#fff",
        "db/name": "x",
        "db/hosts": "a\nb",
        "empty": "{}",
    }


def test_an_env_file_has_exports_quotes_comments_and_values_of_several_lines() -> None:
    text = (
        '# note\nexport POOL=5 # of each\nNAME=\'a # b\'\nQUOTED="say \\"hi\\"\\tnow"\n'
        'LONG="one\ntwo"\nEMPTY=\nBARE\nURL=https://x/?a=1#part\nHOST=${BASE}/x\n'
    )
    assert texts(".env.staging", text) == {
        "POOL": "5",
        "NAME": "a # b",
        "QUOTED": 'say "hi"\tnow',
        "LONG": "one\ntwo",
        "EMPTY": "",
        "BARE": "null",
        "URL": "https://x/?a=1#part",
        "HOST": "${BASE}/x",
    }
    assert lines(".env.staging", text)["EMPTY"] == 7


def test_a_quote_that_never_closes_costs_its_own_line() -> None:
    text = 'A="open\nB=2\n'
    assert texts(".env", text)["B"] == "2"
    assert notes(".env", text) == ['the " that begins here is never closed']


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("settings", '{"a": 1}', "json"),
        ("settings", "A=1\nB=2\n", "env"),
        ("app.conf", "[db]\npool = 1\n", "ini"),
        ("settings", "a: 1\nb: 2\n", "yaml"),
        ("nginx.conf", "server {\n  listen 80;\n}\n", "whole"),
        ("Dockerfile", "FROM debian\nRUN true\n", "whole"),
    ],
)
def test_a_file_whose_name_does_not_tell_is_told_by_what_it_holds(name: str, text: str, form: str) -> None:
    assert of(name, text).form == form


def test_lines_are_those_of_the_file() -> None:
    assert lines("a.yaml", "# note\na:\n  b: 1\n\n  c:\n    - name: x\n      value: 2\n") == {
        "a/b": 3,
        "a/c/x": 6,
    }
    assert lines("a.json", '{\n // note\n "a": {\n  "b": 1\n }\n}\n') == {"a/b": 4}
    assert lines("a.toml", 'a = 1\n[b]\n# note\n"c.d" = 2\n[[e]]\nname = "x"\nv = 1\n') == {
        "a": 1,
        "b/c.d": 4,
        "e/x/v": 7,
    }
    assert lines("a.tfvars", '# note\na = "x"\nb = {\n  c = 1\n}\n') == {"a": 2, "b/c": 4}


def test_json_may_have_comments_and_a_comma_at_the_end() -> None:
    assert texts("a.json", '{"a": 1, /* note */ "b": ["x",],}') == {"a": "1", "b": "[x]"}


def test_numbers_of_a_state_keep_all_their_digits() -> None:
    assert texts("a.json", '{"a": 12345678901234567890123.0, "b": 1e3, "c": 0.10, "d": -0}') == {
        "a": "12345678901234567890123",
        "b": "1000",
        "c": "0.1",
        "d": "0",
    }


# --- when two values are the same ---------------------------------------------------------


def test_quotes_case_of_true_and_zeros_behind_the_point_do_not_count() -> None:
    told = texts("a.yaml", 'a: 1\nb: "1"\nc: 1.0\nd: true\ne: "True"\nf: ~\ng:\nh: 1.50\n')
    assert told == {
        "a": "1",
        "b": "1",
        "c": "1",
        "d": "true",
        "e": "true",
        "f": "null",
        "g": "null",
        "h": "1.5",
    }


def test_what_may_be_a_version_keeps_its_digits() -> None:
    told = texts(
        "a.yaml", 'version: 1.10\ntag: "1.0"\npython: "3.10"\nimage: x:1.10\nzip: "0123"\nword: yes\n'
    )
    assert told == {
        "version": "1.10",
        "tag": "1.0",
        "python": "3.10",
        "image": "x:1.10",
        "zip": "0123",
        "word": "yes",
    }
    assert texts("a.env", "PYTHON=3.10\n") == {"PYTHON": "3.10"}


def test_the_order_of_a_list_counts_only_in_a_command() -> None:
    assert texts("a.yaml", "hosts: [b, a]") == texts("b.yaml", "hosts:\n- a\n- b\n")
    assert texts("a.yaml", "command: [b, a]") != texts("a.yaml", "command: [a, b]")
    assert texts("a.yaml", "hosts: [a, a]") != texts("a.yaml", "hosts: [a]")
    assert texts("a.yaml", 'hosts: ["a, b"]') != texts("a.yaml", "hosts: [a, b]")


def test_members_of_a_list_are_told_by_their_name() -> None:
    one = "containers:\n- name: web\n  image: x:1\n- name: log\n  image: y:1\n"
    other = "containers:\n- name: log\n  image: y:1\n- name: web\n  image: x:1\n"
    assert texts("a.yaml", one) == texts("a.yaml", other)
    assert set(texts("a.yaml", one)) == {"containers/web/image", "containers/log/image"}


def test_a_list_whose_members_have_no_name_is_one_parameter() -> None:
    text = "rules:\n- {host: a, to: '1'}\n- {host: b}\n- c\n"
    assert set(texts("a.yaml", text)) == {"rules"}
    assert members("a.yaml", text, "rules") == [{"host": "a", "to": "1"}, {"host": "b"}, {"": "c"}]


def test_a_slash_in_a_name_is_no_part_of_the_path() -> None:
    assert texts("a.yaml", "app.kubernetes.io/name: x\n") == {"app.kubernetes.io~1name": "x"}


def test_options_of_a_command_are_told_by_their_name() -> None:
    one, other = 'args: ["--pool=5", "--verbose"]', 'args: ["--verbose", "--pool=5"]'
    assert texts("a.yaml", one) == texts("a.yaml", other) == {"args/--pool": "5", "args/--verbose": "null"}


# --- well-known files -----------------------------------------------------------------------


def test_variables_of_compose_are_the_same_as_a_list_and_as_a_block() -> None:
    one = "services:\n  web:\n    environment:\n      - POOL=5\n      - FROM_SHELL\n"
    other = "services:\n  web:\n    environment:\n      FROM_SHELL:\n      POOL: '5'\n"
    assert texts("compose.yaml", one) == texts("compose.yaml", other)


def test_manifests_are_told_by_kind_and_name_and_without_the_word_of_an_environment() -> None:
    one = "apiVersion: v1\nkind: Service\nmetadata: {name: shop-staging}\nspec: {port: 80}\n---\n"
    two = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {replicas: 2}\n"
    assert {path.rpartition("/spec")[0] for path in texts("all.yaml", one + two) if "spec" in path} == {
        "Service/shop",
        "Deployment/shop",
    }
    both = texts("all.yaml", one + one.replace("staging", "production"))
    assert "Service/shop-staging/spec/port" in both and "Service/shop-production/spec/port" in both


def test_a_list_of_manifests_is_its_members() -> None:
    member = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}, "spec": {"port": 80}}
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [member]})
    assert texts("all.json", text)["Service/shop/spec/port"] == "80"


def test_files_within_a_config_map_are_read() -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata:\n  POOL: '5'\n"
        "  app.yaml: |\n    db:\n      host: x\n  motd: |\n    hello\n    there\n"
    )
    told = texts("config.yaml", text)
    assert told["ConfigMap/shop/data/POOL"] == "5"
    assert told["ConfigMap/shop/data/app.yaml/db/host"] == "x"
    assert told["ConfigMap/shop/data/motd"] == "hello\nthere"
    assert lines("config.yaml", text)["ConfigMap/shop/data/app.yaml/db/host"] == 8


def test_a_secret_is_the_same_in_clear_and_in_base64_and_is_always_secret() -> None:
    head = "apiVersion: v1\nkind: Secret\nmetadata: {name: shop}\n"
    one = of("a.yaml", head + "data: {user: YWRtaW4=}\n").values
    other = of("a.yaml", head + "stringData: {user: admin}\n").values
    assert one["Secret/shop/data/user"].text == other["Secret/shop/data/user"].text == "admin"
    assert one["Secret/shop/data/user"].secret and other["Secret/shop/data/user"].secret


def test_what_is_encrypted_cannot_be_compared_and_says_so() -> None:
    sops = "a: ENC[AES256_GCM,data:x,iv:y]\nb: 1\nsops:\n  mac: z\n  lastmodified: '2026'\n"
    assert texts("a.yaml", sops) == {"b": "1"}
    assert notes("a.yaml", sops) == ["1 encrypted value cannot be compared"]
    sealed = "apiVersion: x/v1\nkind: SealedSecret\nmetadata: {name: s}\nspec:\n  encryptedData: {a: AgB, b: AgC}\n"
    assert notes("a.yaml", sealed) == ["2 encrypted values cannot be compared"]
    assert notes("a.yaml", "a: !vault |\n  $ANSIBLE_VAULT;1.1\n  616\n") == [
        "1 encrypted value cannot be compared"
    ]


def test_patches_and_images_of_kustomize_are_told_by_what_they_change() -> None:
    text = (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        "images:\n- name: shop\n  newTag: '1.10'\n"
        "patches:\n- target: {kind: Deployment, name: shop}\n  patch: |\n"
        "    - op: replace\n      path: /spec/replicas\n      value: 3\n"
        "configMapGenerator:\n- name: env\n  literals: [POOL=5, LOG=info]\n"
    )
    told = texts("kustomization.yaml", text)
    assert told["Kustomization/-/images/shop/newTag"] == "1.10"
    assert told["Kustomization/-/patches/Deployment shop/spec.replicas"] == "3"
    assert told["Kustomization/-/configMapGenerator/env/literals/POOL"] == "5"


def test_json_within_a_text_is_read() -> None:
    one, other = 'FEATURES=\'{"b": 2, "a": 1}\'\n', 'FEATURES=\'{"a":1,"b":2}\'\n'
    assert texts(".env", one) == texts(".env", other) == {"FEATURES/a": "1", "FEATURES/b": "2"}


# --- input that is odd or hostile ------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + "NAME=Café\n".encode(),
        codecs.BOM_UTF16_LE + "NAME=Café\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "NAME=Café\n".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "NAME=Café\n".encode("utf-32-le"),
        "NAME=Café\n".encode("utf-16-le"),
        "NAME=Café\n".encode("utf-16-be"),
        "NAME=Café\n".encode("latin-1"),
        b"NAME=Caf\xc3\xa9\r\n",
    ],
)
def test_encodings_and_ends_of_lines_do_not_count(data: bytes) -> None:
    assert texts(".env", data) == {"NAME": "Café"}


def test_a_guessed_encoding_is_said() -> None:
    assert notes(".env", b"NAME=Caf\xe9\n") == ["it is not UTF-8, and was read as Latin-1"]


def test_a_binary_file_is_compared_as_a_whole() -> None:
    one = of("logo.yaml", bytes(range(256)) * 40)
    assert one.whole and one.form == "whole"
    assert one.values[""].text.startswith("binary, 10,240 bytes, SHA-256 ")
    assert one.values[""].text != of("logo.yaml", bytes(range(255, -1, -1)) * 40).values[""].text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "pool: 5\npool: 9\n"),
        ("a.json", '{"pool": 5,\n"pool": 9}'),
        (".env", "pool=5\npool=9\n"),
        ("a.ini", "pool=5\npool=9\n"),
        ("a.properties", "pool=5\npool=9\n"),
        ("a.tfvars", "pool=5\npool=9\n"),
    ],
)
def test_neither_of_two_values_under_one_name_is_lost(name: str, text: str) -> None:
    assert texts(name, text) == {"pool": "5, then 9"}
    assert notes(name, text) == ["“pool” stands here twice: on line 1 and on line 2"]


def test_a_name_that_stands_twice_is_a_mistake_in_toml() -> None:
    with pytest.raises(Unreadable) as error:
        of("a.toml", "pool = 5\npool = 9\n")
    assert error.value.line == 2


def test_aliases_are_followed_and_merged() -> None:
    text = "base: &b {a: 1, c: 2}\nhere:\n  <<: *b\n  c: 3\nlist: [*b]\n"
    assert texts("a.yaml", text) == {
        "base/a": "1",
        "base/c": "2",
        "here/c": "3",
        "here/a": "1",
        "list": "",
    }
    assert members("a.yaml", text, "list") == [{"a": "1", "c": "2"}]


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.yaml", "a: &x\n  b: *x\n", "contain itself"),
        ("a.yaml", "a: *nowhere\n", "refers to nothing"),
        ("a.yaml", "a: [1\nb: 2\n", "no YAML"),
        ("a.yaml", "? [a, b]\n: 1\n", "where a name was expected"),
        ("a.yaml", "a: {{ .Values.x }}\n  {{- end }}\n", "template"),
        ("a.json", '{"a": 1', "ends too early"),
        ("a.json", '{"a": 1} x', "no JSON"),
        pytest.param("a.json", "[" * 2_000, "levels deep", id="deep JSON"),
        pytest.param("a.yaml", "[" * 2_000, "levels deep", id="deep YAML"),
        ("a.tfvars", 'resource "x" "y" {}\n', "was expected"),
        pytest.param("a.tfvars", "a = " + "[" * 200, "levels deep", id="deep HCL"),
        (".env", "hello there\nall this is no setting\n", "NAME=value"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, text: str, what: str) -> None:
    with pytest.raises(Unreadable, match=what):
        of(name, text)


@pytest.mark.parametrize(
    "text", ['{"password": "a" "hunter2"}', '{"a": 1} "hunter2"', '{"a" "hunter2"}', "{hunter2: 1}"]
)
def test_what_is_wrong_is_said_without_what_may_be_a_secret(text: str) -> None:
    with pytest.raises(Unreadable) as error:
        of("a.json", text)
    assert "hunter2" not in error.value.what


def test_aliases_that_multiply_are_stopped() -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for number in range(1, 10):
        text += f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]\n"
    with pytest.raises(Unreadable, match="aliases counted in full"):
        of("a.yaml", text)


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(Unreadable, match="larger than 8 MB"):
        of("a.env", b"A=1\n" * (LARGEST // 4 + 1))


def test_json_within_json_within_json_is_read_without_end_to_a_depth() -> None:
    text = '"x"'
    for _ in range(9):
        text = json.dumps({"a": text})
    assert texts("a.json", text) == {"/".join("a" * 9): '"x"'}


def test_an_empty_file_says_that_it_is_empty() -> None:
    assert notes("a.yaml", "# nothing\n") == ["it holds no values"]
