"""The first parity map in a minute: only real differences, each with its place, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.building import HEAD, PEOPLE
from tests.probes.kinds.looking import put

from workbench.definitions.shapes import Category, Severity
from workbench.model.errors import UsageError
from workbench.usecases.discovered import choose, probes_for
from workbench.usecases.discovering import SECRET_DIFFERS, Discovered, Discovery, discover
from workbench.usecases.project import Options, read_definitions

# Two clusters that Flux keeps, as fluxcd/flux2-kustomize-helm-example lays them out, rebuilt in small.
_RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: podinfo\n  namespace: podinfo\nspec:\n"
_OVERLAY = (
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - ../base/podinfo\n"
    "patches:\n  - path: podinfo-values.yaml\n    target:\n      kind: HelmRelease\n"
)
_APPS = (
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\nspec:\n"
    "  interval: 1h\n  path: ./{0}\n  prune: true\n"
)
_ARTIFACTS = (
    "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata:\n  name: flux-system\nspec:\n"
    "  artifacts:\n    - name: apps\n      copy:\n        - from: '@monorepo/apps/base/**'\n          to: '@artifact/base/'\n"
    "        - from: '@monorepo/apps/{0}/**'\n          to: '@artifact/{0}/'\n"
)
_CONFIGS = (
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: infra-controllers\nspec:\n"
    "  path: ./controllers\n---\n"
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: infra-configs\nspec:\n"
    "  path: ./configs\n  patches:\n    - patch: |\n        - op: replace\n          path: /spec/acme/server\n"
    "          value: https://{0}.api.letsencrypt.org/directory\n      target:\n        kind: ClusterIssuer\n        name: letsencrypt\n"
)
FLUX = {
    "apps/base/podinfo/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [release.yaml]\n",
    "apps/base/podinfo/release.yaml": _RELEASE
    + "  interval: 50m\n  values:\n    httpRoute:\n      hostnames: [podinfo.local]\n",
    "apps/staging/kustomization.yaml": _OVERLAY,
    "apps/staging/podinfo-values.yaml": _RELEASE
    + "  chart:\n    spec:\n      version: '>=1.0.0-alpha'\n  test:\n    enable: false\n  values:\n    httpRoute:\n"
    "      hostnames:\n        - podinfo.staging\n",
    "apps/production/kustomization.yaml": _OVERLAY,
    "apps/production/podinfo-values.yaml": _RELEASE
    + "  chart:\n    spec:\n      version: '>=1.0.0'\n  values:\n    httpRoute:\n      hostnames:\n        - podinfo.production\n",
    **{
        f"clusters/{side}/{name}": text
        for side, acme in (("staging", "acme-staging-v02"), ("production", "acme-v02"))
        for name, text in (
            ("apps.yaml", _APPS.replace("{0}", side)),
            ("artifacts.yaml", _ARTIFACTS.replace("{0}", side)),
            ("infrastructure.yaml", _CONFIGS.replace("{0}", acme)),
            ("flux-system/gotk-sync.yaml", "# made when the cluster is set up\n"),
        )
    },
    "infrastructure/configs/cluster-issuers.yaml": "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: letsencrypt}\n",
}


def told(found: Discovery) -> dict[str, tuple[str | None, str | None]]:
    return {one.path: (one.staging, one.production) for one in found.proposals}


def the_one(found: Discovery) -> Discovered:
    (one,) = found.proposals
    return one


def test_the_flux_example_has_its_four_differences_and_nothing_else(tmp_path: Path) -> None:
    found = discover(put(tmp_path, FLUX))
    assert [(one.title, one.staging, one.production, one.where) for one in found.proposals] == [
        (
            "HelmRelease podinfo: spec.chart.spec.version",
            ">=1.0.0-alpha",
            ">=1.0.0",
            ("apps/staging/podinfo-values.yaml:9", "apps/production/podinfo-values.yaml:9"),
        ),
        (
            "HelmRelease podinfo: spec.test.enable",
            "false",
            None,
            ("apps/staging/podinfo-values.yaml:11",),
        ),
        (
            "HelmRelease podinfo: spec.values.httpRoute.hostnames",
            "[podinfo.staging]",
            "[podinfo.production]",
            ("apps/staging/podinfo-values.yaml:14", "apps/production/podinfo-values.yaml:12"),
        ),
        (
            "Kustomization infra-configs: spec.patches.ClusterIssuer letsencrypt.spec.acme.server",
            "https://acme-staging-v02.api.letsencrypt.org/directory",
            "https://acme-v02.api.letsencrypt.org/directory",
            ("clusters/staging/infrastructure.yaml:18", "clusters/production/infrastructure.yaml:18"),
        ),
    ]
    assert found.equal == 26 and found.notes == ()
    assert [one.category for one in found.proposals] == [
        Category.SERVICES,
        Category.CONFIGURATION,
        Category.CONFIGURATION,
        Category.SECURITY,
    ]


def test_variables_are_compared_and_secrets_only_said_to_differ(tmp_path: Path) -> None:
    found = discover(
        put(
            tmp_path,
            {
                ".env.staging": "POOL=5\nDB_PASSWORD=hunter2-staging\nSAME=1\nSECRET_ONLY_HERE=hunter2\nDEBUG=true\n",
                ".env.production": "# note\nSAME='1'\nexport POOL=50\nDB_PASSWORD=hunter2-production\nDEBUG=True\n",
            },
        )
    )
    assert told(found) == {
        ".env/POOL": ("5", "50"),
        ".env/DB_PASSWORD": (SECRET_DIFFERS, SECRET_DIFFERS),
        ".env/SECRET_ONLY_HERE": ("secret", None),
    }
    assert found.equal == 2
    assert "hunter2" not in repr(found)
    by_path = {one.path: one for one in found.proposals}
    assert by_path[".env/POOL"].where == (".env.staging:1", ".env.production:3")
    assert by_path[".env/DB_PASSWORD"].category is Category.SECURITY


def test_what_one_environment_leaves_to_the_common_values_has_these(tmp_path: Path) -> None:
    found = discover(
        put(
            tmp_path,
            {
                "chart/values.yaml": "replicas: 3\nimage: {tag: '1.2'}\nextra: [a]\nhosts: [x]\n",
                "chart/values-staging.yaml": "replicas: 1\nimage: {tag: '1.2'}\n",
                "chart/values-prod.yaml": "hosts: [y]\nlimits: {cpu: 2}\n",
            },
        )
    )
    assert told(found) == {
        "chart/values.yaml/replicas": ("1", "3"),
        "chart/values.yaml/hosts": ("[x]", "[y]"),
        "chart/values.yaml/limits/cpu": (None, "2"),
    }
    assert found.equal == 1
    (replicas,) = (one for one in found.proposals if one.path.endswith("replicas"))
    assert replicas.where == ("chart/values-staging.yaml:1", "chart/values.yaml:1")
    assert replicas.category is Category.INFRASTRUCTURE


def test_a_file_for_production_alone_is_compared_with_the_one_that_staging_takes(tmp_path: Path) -> None:
    found = discover(
        put(
            tmp_path,
            {
                "compose.yaml": "services:\n  web:\n    image: web:1\n    environment: [POOL=5, LOG=info]\n",
                "compose.prod.yaml": "services:\n  web:\n    environment:\n      POOL: 50\n      LOG: info\n",
            },
        )
    )
    assert told(found) == {"compose.yaml/services/web/environment/POOL": ("5", "50")}
    assert found.equal == 1


def test_an_overlay_takes_from_its_base_what_it_does_not_say(tmp_path: Path) -> None:
    deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {replicas: REPLICAS}\n"
    overlay = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base]\n"
    found = discover(
        put(
            tmp_path,
            {
                "base/kustomization.yaml": overlay.replace("../../base", "deployment.yaml"),
                "base/deployment.yaml": deployment.replace("REPLICAS", "3"),
                "overlays/staging/kustomization.yaml": overlay + "patches: [{path: small.yaml}]\n",
                "overlays/staging/small.yaml": deployment.replace("REPLICAS", "1"),
                "overlays/production/kustomization.yaml": overlay,
            },
        )
    )
    assert told(found)["overlays/*/Deployment/shop/spec/replicas"] == ("1", "3")
    (replicas,) = (one for one in found.proposals if one.path.endswith("replicas"))
    assert replicas.where == ("overlays/staging/small.yaml:4", "base/deployment.yaml:4")


def test_what_only_one_folder_has_is_one_difference_where_it_is_much(tmp_path: Path) -> None:
    job = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: seed}\nspec:\n"
    found = discover(
        put(
            tmp_path,
            {
                "deploy/staging/app.env": "A=1\n",
                "deploy/staging/more.env": "B=1\nC=2\n",
                "deploy/staging/job.yaml": job + "".join(f"  field{number}: x\n" for number in range(20)),
                "deploy/production/app.env": "A=1\n",
            },
        )
    )
    assert told(found) == {
        "deploy/*/CronJob/seed": ("there, with 23 values", None),
        "deploy/*/more.env/B": ("1", None),
        "deploy/*/more.env/C": ("2", None),
    }
    assert [one.where for one in found.proposals] == [
        ("deploy/staging/job.yaml:1",),
        ("deploy/staging/more.env:1",),
        ("deploy/staging/more.env:2",),
    ]


def test_values_and_states_of_terraform_are_compared(tmp_path: Path) -> None:
    state = (
        '{"version": 4, "terraform_version": "1.9", "lineage": "LINEAGE", "resources": [{"mode": "managed",'
        ' "type": "aws_db_instance", "name": "main", "instances": [{"attributes": {"id": "LINEAGE",'
        ' "instance_class": "CLASS", "password": "hunter2-LINEAGE"}, "sensitive_attributes": []}]}]}'
    )
    found = discover(
        put(
            tmp_path,
            {
                "infra/staging.tfvars": 'instance = "small"\nzones = ["b", "a"]\n',
                "infra/production.tfvars": 'instance = "large"\nzones = ["a", "b"]\n',
                "terraform.tfstate.d/staging/terraform.tfstate": state.replace("LINEAGE", "a").replace(
                    "CLASS", "t3"
                ),
                "terraform.tfstate.d/prod/terraform.tfstate": state.replace("LINEAGE", "b").replace(
                    "CLASS", "m5"
                ),
            },
        )
    )
    assert told(found) == {
        "infra/*.tfvars/instance": ("small", "large"),
        "terraform.tfstate.d/*/terraform.tfstate/aws_db_instance.main/instance_class": ("t3", "m5"),
        "terraform.tfstate.d/*/terraform.tfstate/aws_db_instance.main/password": (
            SECRET_DIFFERS,
            SECRET_DIFFERS,
        ),
    }
    assert "hunter2" not in repr(found)


def test_code_for_one_environment_is_compared_as_a_whole(tmp_path: Path) -> None:
    found = discover(
        put(
            tmp_path,
            {
                "config/environments/staging.rb": "Rails.application.configure do\n  config.a = 1\nend\n",
                "config/environments/production.rb": "Rails.application.configure do\n  config.a = 2\nend\n",
            },
        )
    )
    one = the_one(found)
    assert (one.title, one.category) == ("*.rb", Category.CODE)
    assert one.staging is not None and one.staging.startswith("text, 4 lines")


def test_a_file_that_cannot_be_read_costs_its_own_pair(tmp_path: Path) -> None:
    place = put(
        tmp_path,
        {
            "a/staging/x.yaml": "a: [1\n",
            "a/production/x.yaml": "a: 1\n",
            "a/staging/y.env": "A=1\n",
            "a/production/y.env": "A=2\n",
            "chart/staging/t.yaml": "{{- if .Values.x }}\na: 1\n{{- end }}\n",
            "chart/production/t.yaml": "a: 1\n",
        },
    )
    (place / "a/staging/z.env").symlink_to("/etc/hostname")
    (place / "a/production/z.env").write_text("A=1\n")
    found = discover(place)
    assert told(found) == {"a/*/y.env/A": ("1", "2")}
    assert any(note.startswith("a/staging/x.yaml:2: not compared: it is no YAML") for note in found.notes)
    assert any("t.yaml:1: not compared: it is a template" in note for note in found.notes)
    assert any(note.startswith("a/staging/z.env: not compared: it is a link") for note in found.notes)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": "# staging and production\n"},
        {"tests/staging.env": "A=1\n", "tests/production.env": "A=2\n"},
        {".env.staging": "A=1\n", ".env.production": "A=1\n"},
    ],
)
def test_where_nothing_differs_nothing_is_proposed(tmp_path: Path, files: dict[str, str]) -> None:
    assert discover(put(tmp_path, files)).proposals == ()


def test_titles_are_told_apart_by_their_path(tmp_path: Path) -> None:
    found = discover(
        put(
            tmp_path,
            {
                f"{app}/{side}.env": f"POOL={side}{app}\n"
                for app in ("a", "b")
                for side in ("staging", "production")
            },
        )
    )
    assert [one.title for one in found.proposals] == ["a/*.env: POOL", "b/*.env: POOL"]


def test_a_difference_is_chosen_by_an_id_that_it_has_as_long_as_it_says_the_same(tmp_path: Path) -> None:
    place = put(tmp_path, {".env.staging": "A=1\nB=1\n", ".env.production": "A=2\nB=2\n"})
    found = discover(place)
    first, second = found.proposals
    assert choose(found, [second.id, second.id]) == [second]
    assert choose(found, ["all"]) == [first, second]
    again = discover(put(place, {".env.production": "A=3\nB=2\n"}))
    assert again.proposals[1].id == second.id
    with pytest.raises(UsageError, match="nothing that was discovered"):
        choose(again, [first.id])


def test_the_word_of_an_environment_alone_is_a_small_difference(tmp_path: Path) -> None:
    found = discover(
        put(tmp_path, {".env.staging": "APP_ENV=staging\n", ".env.production": "APP_ENV=production\n"})
    )
    assert the_one(found).severity is Severity.LOW


def test_probes_to_paste_are_right_as_they_stand(tmp_path: Path) -> None:
    place = put(
        tmp_path,
        FLUX
        | {
            ".env.staging": "DATABASE_URL=postgres://a:b@db.staging/x\nBASE_URL=https://staging.shop.example\n",
            ".env.production": "DATABASE_URL=postgres://a:c@db.shop/x\nBASE_URL=https://shop.example\n",
        },
    )
    text = probes_for(discover(place))
    assert '{key: staging-database, kind: sql, url: "${STAGING_DATABASE_URL}"}' in text
    assert '{key: production-site, kind: http, url: "https://shop.example"}' in text
    assert 'staging: ".env.staging"' in text
    ours = "".join(line for line in text.splitlines(keepends=True) if "kind: schema" not in line)
    (place / "workbench.yaml").write_text(HEAD + PEOPLE + ours)
    _, definitions = read_definitions(Options(project=place))
    assert [probe.key for probe in definitions.project.probes] == ["env", "apps", "clusters", "answers"]
