"""Terraform's plan (``terraform show -json``) and state as resources with their attributes.

Shapes: https://developer.hashicorp.com/terraform/internals/json-format and a state of version 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.sources.configuration.tree import DEPTH_LIMIT, Block, Entries, Items, Leaf, Node, Unreadable

# What a cloud gives each resource anew: two environments can never agree in it.
_OF_ITS_OWN = re.compile(
    r"(?:.*_)?(?:id|ids|arn|arns|self_link|etag|unique_id|owner_id|tags_all|dns_name|zone_id|fingerprint"
    r"|creation_timestamp|created_at|last_modified|last_updated|generation|metageneration|resource_version)"
)
DRIFTED = "changed outside the code"


def of_its_own(name: str) -> bool:
    """Whether an attribute is given to each resource anew, so that two can never agree in it."""
    return _OF_ITS_OWN.fullmatch(name) is not None


def is_plan(root: Node) -> bool:
    """Whether a JSON file is Terraform's plan."""
    return (
        isinstance(root, Block)
        and "format_version" in root.entries
        and ("planned_values" in root.entries or "resource_changes" in root.entries)
    )


def is_state(root: Node) -> bool:
    """Whether a JSON file is Terraform's state."""
    return isinstance(root, Block) and {"terraform_version", "lineage", "resources"} <= root.entries.keys()


def planned(root: Block) -> Block:
    """What a plan leads to: managed resources by address, each with its attributes.

    What was changed outside the code stands under :data:`DRIFTED`.  ``Unreadable`` where the plan says that it
    is not complete or failed: what is missing in it would look equal.
    """
    if root.text("errored") == "true":
        raise Unreadable("the plan says that it failed")
    if root.text("complete") == "false":
        raise Unreadable("the plan says that it is not complete")
    entries = Entries([])
    module = (root.block("planned_values") or Block({})).block("root_module") or Block({})
    for line, address, resource in _resources(module, 0):
        values, sensitive = resource.get("values"), resource.get("sensitive_values")
        entries.add(address, line, _attributes(values, sensitive))
    drifted = {address: (0, change) for address, change in _drifted(root)}
    if drifted:
        entries.add(DRIFTED, 0, Block(dict(drifted)))
    return entries.block()


def _resources(module: Block, depth: int) -> Iterator[tuple[int, str, Block]]:
    if depth > DEPTH_LIMIT:
        raise Unreadable(f"it has modules more than {DEPTH_LIMIT} levels deep", module.line)
    for resource in module.items("resources"):
        if isinstance(resource, Block) and resource.text("mode") == "managed":
            yield resource.line, resource.text("address"), resource
    for inner in module.items("child_modules"):
        if isinstance(inner, Block):
            yield from _resources(inner, depth + 1)


def _attributes(values: Node | None, sensitive: Node | None) -> Node:
    """The attributes of a resource, those that are marked as sensitive as secrets."""
    if sensitive is not None and isinstance(sensitive, Leaf) and sensitive.text == "true":
        return _all_secret(values or Leaf("", bare=True))
    if isinstance(values, Block):
        marks = sensitive if isinstance(sensitive, Block) else Block({})
        return Block(
            {
                name: (line, _attributes(node, marks.get(name)))
                for name, (line, node) in values.entries.items()
                if not of_its_own(name) and not _is_nothing(node)
            },
            values.line,
        )
    if isinstance(values, Items):
        members = sensitive.items if isinstance(sensitive, Items) else ()
        told = (*members, *(None,) * (len(values.items) - len(members)))
        return Items(
            tuple(_attributes(item, mark) for item, mark in zip(values.items, told, strict=False)),
            values.line,
        )
    return values or Leaf("", bare=True)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Leaf) and node.bare and node.text == "null"


def _all_secret(node: Node) -> Node:
    if isinstance(node, Leaf):
        return Leaf(node.text, node.line, node.bare, secret=True)
    if isinstance(node, Items):
        return Items(tuple(map(_all_secret, node.items)), node.line)
    return Block({name: (line, _all_secret(one)) for name, (line, one) in node.entries.items()}, node.line)


def _drifted(root: Block) -> Iterator[tuple[str, Node]]:
    """What the plan found changed outside the code, as ``attribute``: from what to what."""
    for found in root.items("resource_drift"):
        if not isinstance(found, Block) or found.text("mode") != "managed":
            continue
        change = found.block("change") or Block({})
        before = _attributes(change.get("before"), change.get("before_sensitive"))
        after = _attributes(change.get("after"), change.get("after_sensitive"))
        if not isinstance(after, Block):
            yield found.text("address"), Leaf("it is gone", found.line)
        elif isinstance(before, Block):
            moved = dict(_moved(before, after))
            if moved:
                yield found.text("address"), Block(moved, found.line)


def _moved(before: Block, after: Block) -> Iterator[tuple[str, tuple[int, Node]]]:
    for name, (line, now) in after.entries.items():
        was = before.get(name)
        if was is None or not _same(was, now):
            yield name, (line, now)


def _same(one: Node, other: Node) -> bool:
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        return one.text == other.text
    if isinstance(one, Items) and isinstance(other, Items):
        return len(one.items) == len(other.items) and all(map(_same, one.items, other.items))
    if isinstance(one, Block) and isinstance(other, Block):
        return one.entries.keys() == other.entries.keys() and all(
            _same(node, other.entries[name][1]) for name, (_, node) in one.entries.items()
        )
    return False


def stated(root: Block) -> Block:
    """The managed resources of a state by address; attributes that it marks as sensitive are secrets."""
    entries = Entries([])
    for resource in root.items("resources"):
        if not isinstance(resource, Block) or resource.text("mode") != "managed":
            continue
        address = ".".join(
            filter(None, (resource.text("module"), resource.text("type"), resource.text("name")))
        )
        for instance in resource.items("instances"):
            if isinstance(instance, Block):
                key = instance.text("index_key")
                name = f"{address}[{key}]" if "index_key" in instance.entries else address
                entries.add(name, instance.line, _attributes(instance.get("attributes"), _marks(instance)))
    return entries.block()


def _marks(instance: Block) -> Block:
    """The sensitive attributes of an instance: the first step of each of their paths."""
    marks: dict[str, tuple[int, Node]] = {}
    for path in instance.items("sensitive_attributes"):
        first = path.items[0] if isinstance(path, Items) and path.items else path
        if isinstance(first, Block) and (name := first.text("value")):
            marks[name] = (first.line, Leaf("true", bare=True))
    return Block(marks)
