"""SPDX 2.2 and 2.3 as JSON: the specification at https://spdx.dev/use/specifications/"""

from __future__ import annotations

import msgspec

from workbench.model.text import safe_text
from workbench.sources.moments import moment_of_text
from workbench.sources.report_files import Told
from workbench.sources.sbom.components import Component, Components, component

_DESCRIBES = "DESCRIBES"


class _Reference(msgspec.Struct, frozen=True, rename="camel"):
    reference_type: str | None = None
    reference_locator: str | None = None


class _Package(
    msgspec.Struct,
    frozen=True,
    rename={"id": "SPDXID", "version": "versionInfo", "references": "externalRefs"},
):
    name: str | None = None
    id: str | None = None
    version: str | None = None
    references: list[_Reference] | None = None


class _Relation(msgspec.Struct, frozen=True, rename="camel"):
    relationship_type: str | None = None
    related_spdx_element: str | None = None


class _Creation(msgspec.Struct, frozen=True, rename="camel"):
    created: str | None = None
    creators: list[str] | None = None


class Document(msgspec.Struct, frozen=True, rename="camel"):
    """A list of packages; code hosts hand it out inside ``sbom``."""

    spdx_version: str | None = None
    sbom: Document | None = None
    creation_info: _Creation | None = None
    packages: list[_Package] | None = None
    document_describes: list[str] | None = None
    relationships: list[_Relation] | None = None


def read(document: Document) -> Components:
    """What the list holds, without what it is a list of."""
    described = {
        *(document.document_describes or ()),
        *(
            one.related_spdx_element
            for one in document.relationships or ()
            if one.relationship_type == _DESCRIBES
        ),
    }
    packages = document.packages or []
    # Where everything is described, nothing is the thing that the others belong to.
    inside = [package for package in packages if package.id not in described] or packages
    return Components(
        components=[_component(package) for package in inside], told=_told(document.creation_info)
    )


def _component(package: _Package) -> Component:
    purls = [one.reference_locator for one in package.references or () if one.reference_type == "purl"]
    return component(purls[0] if purls else None, package.name, package.version)


def _told(creation: _Creation | None) -> Told:
    if creation is None:
        return Told()
    at = moment_of_text(creation.created, "creationInfo.created")[0] if creation.created else None
    tools = [one.partition(":")[2].strip() for one in creation.creators or () if one.startswith("Tool:")]
    return Told(measured_at=at, tool=safe_text(", ".join(tools[:3]), 60))
