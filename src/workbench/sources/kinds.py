"""The kinds of source: each in the folder of its name, loaded when a file names it."""

from __future__ import annotations

from workbench.model.kinds import Registry, SourceKind

NAMES = (
    # metrics, traces and anything that answers a query
    "exec",
    "http",
    "jaeger",
    "otlp",
    "pagerduty",
    "prometheus",
    "sql",
    "tempo",
    # CI and deployments
    "github_actions",
    "gitlab",
    "jenkins",
    # test reports and coverage
    "allure",
    "cobertura",
    "coverage_py",
    "ctrf",
    "cucumber",
    "junit",
    "lcov",
    "robot",
    "tap",
    # load tests and samples
    "autocannon",
    "chaostoolkit",
    "hyperfine",
    "jmeter",
    "k6",
    "locust",
    "measurements",
    "pytest_benchmark",
    "samples",
    # scanners and checks of data
    "dbt",
    "great_expectations",
    "grype",
    "osv",
    "policy_results",
    "sarif",
    "sbom",
    "soda",
    "trivy",
    # the estate: flags, stubs, plans, versions
    "configuration_files",
    "pact",
    "terraform_plan",
    "version_files",
    # what needs no tool
    "manual",
    "record",
)
KINDS: Registry[SourceKind] = Registry(
    "workbench.sources", NAMES, group="workbench.sources", made_by=SourceKind
)
