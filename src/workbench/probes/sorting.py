"""What a difference in configuration is called and about, and how bad it may be, as its path and values tell."""

from __future__ import annotations

import re

from workbench.definitions.shapes import Category, Severity
from workbench.probes.captured import Change, parts_of
from workbench.sources.configuration.naming import WORD
from workbench.sources.configuration.secrets import Name, about_name

_KIND = re.compile(r"[A-Z][A-Za-z0-9]*")
_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# The first that has one of the words of the path's last parts, looked at from its end.
_ABOUT: tuple[tuple[Category, frozenset[str]], ...] = (
    (
        Category.SECURITY,
        frozenset(
            {
                "tls", "ssl", "cors", "csrf", "auth", "oauth", "oidc", "saml", "encryption", "encrypted", "cipher",
                "issuer", "acme", "certificate", "cert", "rbac", "acl", "firewall", "permission", "permissions", "policy",
                "security", "privileged", "iam", "kms", "credentials",
            }
        ),
    ),
    (
        Category.OBSERVABILITY,
        frozenset(
            {
                "log", "logs", "logging", "loglevel", "metrics", "metric", "tracing", "trace", "traces", "otel", "sampling",
                "sentry", "prometheus", "grafana", "alert", "alerts", "monitoring", "exporter", "telemetry", "retention",
            }
        ),
    ),
    (
        Category.INFRASTRUCTURE,
        frozenset(
            {
                "replicas", "replica", "cpu", "memory", "resources", "instance", "instances", "node", "nodes", "storage",
                "autoscaling", "hpa", "disk", "machine", "cluster", "subnet", "loadbalancer", "cdn", "zone", "zones",
                "tolerations", "affinity", "multi",
            }
        ),
    ),
    (
        Category.SERVICES,
        frozenset({"image", "images", "tag", "newtag", "version", "chart", "sandbox", "mock", "stub", "digest", "semver"}),
    ),
    (Category.DATA, frozenset({"migration", "migrations", "seed", "fixtures", "backup", "masking", "anonymise"})),
    (Category.TRAFFIC, frozenset({"ratelimit", "throttle", "rps", "burst", "qps"})),
)  # fmt: skip


def title_of(path: str) -> str:
    """What people call a parameter: ``shop.env: DB_POOL``, ``Deployment shop: spec.replicas``."""
    parts = parts_of(path)
    file = next((at for at, part in enumerate(parts) if "." in part), None)
    if len(parts) > 2 and _KIND.fullmatch(parts[0]):
        return f"{_manifest(parts[:2])}: {'.'.join(parts[2:])}"
    if file is None or file + 1 == len(parts):
        return "/".join(parts) if file is not None else ".".join(parts)
    place, rest = "/".join(parts[: file + 1]), parts[file + 1 :]
    if len(rest) > 2 and _KIND.fullmatch(rest[0]):
        return f"{place}: {_manifest(rest[:2])} {'.'.join(rest[2:])}"
    return f"{place}: {'.'.join(rest)}"


def _manifest(parts: tuple[str, ...]) -> str:
    """Kind and name; one that has no name, as in a kustomization, is called by its kind."""
    return " ".join(part for part in parts if part != "-")


def category_of(path: str) -> Category | None:
    """What a parameter is about; ``None`` where its path does not tell."""
    parts = parts_of(path)
    if about_name(parts[-1]) is Name.SECRET:
        return Category.SECURITY
    for part in reversed(parts[-3:]):
        words = {word.lower() for word in _SPLIT.findall(part)}
        for category, told in _ABOUT:
            if words & told:
                return category
    return None


def severity_of(change: Change) -> Severity | None:
    """Low where the two sides differ in nothing but the name of their environment; ``None`` where that is not so."""
    if change.severity is not None or change.secret or change.staging is None or change.production is None:
        return change.severity
    names_only = WORD.sub("*", change.staging) == WORD.sub("*", change.production)
    return Severity.LOW if names_only and "*" in WORD.sub("*", change.staging) else None
