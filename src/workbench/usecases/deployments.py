"""Files of a folder that say how it runs: compose, Kubernetes, Helm, Kustomize, Terraform and their like."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from workbench.model.files import open_regular

_MOST_READ = 3_000  # files whose beginning is looked at
_HEAD = 2_048
_COMPOSE = re.compile(r"(docker-)?(compose|stack)[\w.-]*\.ya?ml\Z")
_ENV = re.compile(r"\.env(?:\.(?!example\Z|sample\Z|template\Z|dist\Z)[\w-]+)?\Z")
_TERRAFORM = (".tf", ".tfvars", ".tofu")
_KUSTOMIZE = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_CLUSTER_FOLDERS = re.compile(
    r"(k8s|kubernetes|helm|charts?|kustomize|(?:[a-z0-9]+-)?(?:manifests|charts?))\Z"
)
_SINGLE = frozenset(
    {
        "skaffold.yaml", "fly.toml", "serverless.yml", "serverless.yaml", "render.yaml", "helmfile.yaml", "Procfile",
        "netlify.toml", "vercel.json", "wrangler.toml", "railway.json", "railway.toml", "samconfig.toml",
        "Pulumi.yaml", "cdk.json", "Capfile", "apprunner.yaml", "Tiltfile", "ansible.cfg", "nomad.hcl",
    }
)  # fmt: skip
# What lies below these shows how something is tried or explained, not how it runs.
_ASIDE = frozenset(
    {
        "recordings",
        "test",
        "tests",
        "testdata",
        "fixtures",
        "__tests__",
        "doc",
        "docs",
        "example",
        "examples",
        "samples",
    }
)


def deployment(folder: Path, files: Iterable[str]) -> tuple[str, ...]:
    """Files, and folders with a slash at the end, that say how this runs; the outermost of each kind.

    What lies in hidden folders is a developer's own (``.devcontainer``) and left out.
    """
    single: list[str] = []
    grouped: dict[str, list[list[str]]] = defaultdict(list)
    read = 0
    for name in files:
        *folders, file = name.split("/")
        if is_aside(folders):
            continue
        if _COMPOSE.match(file) or ((file in _SINGLE or _ENV.match(file)) and len(folders) < 3):
            single.append(name)
            continue
        found = _by_name(folders, file)
        if not found and not file.startswith(".") and file.endswith((".yaml", ".yml")) and read < _MOST_READ:
            read += 1
            found = _is_manifest(folder / name)
        if found and folders:
            grouped[folders[0]].append(folders)
        elif found:
            single.append(name)
    outer = [place for folders in grouped.values() for place in _outermost(folders)]
    return tuple(sorted({*single, *outer}))


def is_compose(name: str) -> bool:
    """Whether a file is called as compose files are."""
    return bool(_COMPOSE.match(name.rpartition("/")[2]))


def is_aside(folders: Iterable[str]) -> bool:
    """Whether a file in these folders shows how something is tried or explained, or is a developer's own."""
    return any(name.startswith(".") or name.lower() in _ASIDE for name in folders)


def _by_name(folders: list[str], file: str) -> bool:
    if file.endswith(_TERRAFORM) or file in _KUSTOMIZE or file == "Chart.yaml" or file.endswith(".nomad"):
        return True
    known = any(_CLUSTER_FOLDERS.match(name) for name in folders)
    return known and file.endswith((".yaml", ".yml", ".tpl"))


def _is_manifest(path: Path) -> bool:
    """Whether a YAML file says ``apiVersion`` and ``kind`` at its beginning, as Kubernetes' do."""
    try:
        if path.is_symlink():
            return False
        with open_regular(path) as file:
            lines = file.read(_HEAD).splitlines()
    except OSError:
        return False
    starts = {line.partition(b":")[0] for line in lines}
    tools = any(line.startswith(b"apiVersion:") and b"backstage.io" in line for line in lines)
    return {b"apiVersion", b"kind"} <= starts and not tools


def _outermost(places: list[list[str]]) -> set[str]:
    """The folders that hold all of these: up to one that is called as such folders are, else what they share."""
    named: set[str] = set()
    others: list[list[str]] = []
    for folders in places:
        number = next((number for number, name in enumerate(folders) if _CLUSTER_FOLDERS.match(name)), None)
        if number is None:
            others.append(folders)
        else:
            named.add("/".join(folders[: number + 1]) + "/")
    if others:
        shared = 0
        while shared < min(map(len, others)) and len({folders[shared] for folders in others}) == 1:
            shared += 1
        named.add("/".join(others[0][:shared]) + "/")
    return {
        place for place in named if not any(place != other and place.startswith(other) for other in named)
    }
