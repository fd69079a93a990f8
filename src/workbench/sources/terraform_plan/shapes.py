"""What of a plan is read, and so kept: https://developer.hashicorp.com/terraform/internals/json-format

A plan holds every value of every resource in plain text, those that are marked as sensitive too; none of them is
read.
"""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """The base of what is read."""


class Change(Part, frozen=True):
    actions: list[str] | None = None


class Resource(Part, frozen=True):
    address: str
    mode: str = "managed"
    change: Change | None = None


class Values(Part, frozen=True):
    """That there are values, and none of them."""


class Plan(Part, frozen=True):
    format_version: str
    terraform_version: str | None = None
    timestamp: str | None = None
    complete: bool | None = None
    errored: bool | None = None
    planned_values: Values | None = None
    resource_drift: list[Resource] | None = None
    resource_changes: list[Resource] | None = None


def decoded(data: bytes) -> Plan:
    """The plan without its values; ``msgspec.DecodeError`` where it is none."""
    return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=Plan)


def kept(data: bytes) -> bytes:
    """What may be kept of a plan: which resources change and how, and no value; nothing of what cannot be read."""
    try:
        return msgspec.json.encode(decoded(data))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return b""
