"""Files of configuration: whatever stands in them, they are compared or refused in words, and secrets stay hidden."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import web_shop

SAMPLES = {
    ".env.{}": b'# note\nexport POOL=5 # of each\nLONG="a\\"b\nc"\nURL=postgres://a:b@c/d\nF=\'{"a":[1,2]}\'\n',
    "deploy/{}/app.yaml": b"a: &x {b: [1, {c: 2}], d: !Ref e}\nf: *x\ng:\n  <<: *x\n  h: |\n    i: 1\n---\nj: 1.0\n",
    "deploy/{}/shop.yaml": (
        b"apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {b: Yw==}\n---\napiVersion: v1\nkind: ConfigMap\n"
        b"metadata: {name: a}\ndata:\n  a.json: '{\"b\": 1}'\n  c.yaml: |\n    d: [1]\n"
    ),
    "deploy/{}/kustomization.yaml": (
        b"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base, a.yaml]\npatches:\n"
        b"- target: {kind: A, name: b}\n  patch: |\n    - {op: replace, path: /a/b, value: 1}\n"
    ),
    "config/{}.json": b'{"a": {"b": [1, "2", true, null, {"c": 1e3}]}, /* note */ "d": "\\u00e9",}',
    "config/{}.toml": b'a = 1.50\n[b]\n"c.d" = [1, 2]\n[[e]]\nname = "x"\n',
    "config/{}.ini": b"a = 1\n[b]\nc = 2 ; note\n  go on\nd : 3\n",
    "config/{}.properties": b"a=1\\\n  2\nb : \\u0041\nc  d\n",
    "infra/{}.tfvars": b'a = "b"\nc = { d = [1, 2], "e": <<X\ntext\nX\n}\n',
    "plans/{}.json": (
        b'{"format_version": "1", "planned_values": {"root_module": {"resources": [{"address": "a.b", "mode": "managed",'
        b' "values": {"c": [1, {"d": 2}]}, "sensitive_values": {"c": [false, {"d": true}]}}]}}, "resource_drift": []}'
    ),
    "terraform.tfstate.d/{}/terraform.tfstate": (
        b'{"version": 4, "terraform_version": "1", "lineage": "a", "resources": [{"mode": "managed", "type": "a", "name":'
        b' "b", "instances": [{"attributes": {"c": "d"}, "sensitive_attributes": [[{"type": "get_attr", "value": "c"}]]}]}]}'
    ),
}


@SOME
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_configuration(name: str, data: st.DataObject) -> None:
    place = web_shop()
    place.put_back()
    for side in ("staging", "production"):
        path = place.root / name.format(side)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.draw(odd.bytes_of([SAMPLES[name]])) if side == "staging" else SAMPLES[name])
    place.survives("parity", "discover", "--json")
    place.survives("parity", "discover", "--add", "all")
    place.survives("parity", "list")
