"""cyclonedx-bom and sbom4python: what is installed in staging and in production, as lists of components."""

from __future__ import annotations

from tests.generators.tool import Tool, Workshop

STAGING = """
requests==2.32.3
Flask==3.1.0
SQLAlchemy==2.0.36
charset_normalizer==3.4.0
tenacity==9.0.0
"""
PRODUCTION = """
requests==2.31.0
flask==3.1.0
sqlalchemy==2.0.36
charset-normalizer==3.4.0
redis==5.0.1
"""
UNPINNED = """
requests
Flask==3.1.0
"""


def make(work: Workshop) -> None:
    """requests differs by a minor version; tenacity is in staging alone, redis in production alone."""
    for name, words, known in (
        ("staging", STAGING, "five components"),
        (
            "production",
            PRODUCTION,
            "five: requests is older, redis is there, tenacity is not, names are spelled otherwise",
        ),
        ("unpinned", UNPINNED, "two components, one of them without a version"),
        ("empty", "", "no component at all"),
    ):
        work.write(f"{name}.txt", words)
        work.run("cyclonedx-py", "requirements", f"{name}.txt", "-o", f"{name}.json")
        work.keep(f"{name}.json", known)
    work.run("cyclonedx-py", "requirements", "staging.txt", "--of", "XML", "-o", "staging.xml")
    work.keep("staging.xml", "the components of staging as XML")
    work.run("cyclonedx-py", "environment", "-o", "environment.json")
    work.keep("environment.json", "what is installed beside cyclonedx-bom itself, with what depends on what")
    work.run(
        "sbom4python", "--module", "sbom4python", "--sbom", "spdx", "--format", "json", "-o", "spdx.json"
    )
    work.keep("spdx.json", "sbom4python and what it needs, as SPDX")


TOOL = Tool(name="cyclonedx", make=make, python=["cyclonedx-bom==7.5.0", "sbom4python==0.12.6"])
