"""Whether a file is a list of components."""

from __future__ import annotations

from workbench.model.text import safe_text
from workbench.sources.recognising import Sample

XML_ROOT = "bom"


def recognise(sample: Sample) -> str:
    """``CycloneDX 1.6`` or ``SPDX-2.3``; ``""`` for anything else."""
    if sample.value("bomFormat") == "CycloneDX":
        return f"CycloneDX {safe_text(sample.value('specVersion') or '', 20)}".strip()
    spdx = sample.value("spdxVersion")
    if isinstance(spdx, str):
        return safe_text(spdx, 20)
    inner = sample.value("sbom") if sample.keys == {"sbom"} else None
    if isinstance(inner, dict) and isinstance(inner.get("spdxVersion"), str):
        return safe_text(inner["spdxVersion"], 20)
    if "@graph" in sample.keys and "spdx" in str(sample.value("@context")).lower():
        return "SPDX 3"
    return "CycloneDX as XML" if sample.xml_root == XML_ROOT and b"cyclonedx.org" in sample.head else ""
