"""Which results of SARIF are secrets that lie open, and whether a run looked for any."""

from __future__ import annotations

from workbench.sources.sarif.shapes import Rule, Run

# Scanners whose every finding is a secret.
_ONLY_SECRETS = frozenset({
    "gitleaks", "trufflehog", "detect-secrets", "ggshield", "gitguardian", "nosey parker", "noseyparker", "kingfisher",
    "talisman", "whispers", "ripsecrets",
})  # fmt: skip
# Scanners that look for secrets beside other things, and list only the rules that were broken.
_ALSO_SECRETS = frozenset({"trivy"})
_TAGS = frozenset({"secret", "secrets", "secret-detection", "hardcoded-secret"})


def is_secret(run: Run, rule: Rule | None) -> bool:
    """Whether what breaks this rule is a secret: its scanner finds nothing else, or its rule has that tag."""
    return _name(run) in _ONLY_SECRETS or (rule is not None and _tagged(rule))


def looks_for_secrets(run: Run) -> bool:
    """Whether a run looked for secrets, also where it found none: by its scanner, or by the rules that it lists."""
    tool = run.tool
    parts = (tool.driver, *(tool.extensions or ())) if tool else ()
    rules = (rule for part in parts if part is not None for rule in part.rules or ())
    return _name(run) in _ONLY_SECRETS | _ALSO_SECRETS or any(map(_tagged, rules))


def _name(run: Run) -> str:
    driver = run.tool.driver if run.tool else None
    return ((driver.name if driver else None) or "").strip().lower()


def _tagged(rule: Rule) -> bool:
    tags = (rule.properties or {}).get("tags")
    return isinstance(tags, list) and any(isinstance(tag, str) and tag.lower() in _TAGS for tag in tags)
