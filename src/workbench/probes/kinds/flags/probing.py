"""Compares feature flags, whichever way a file or a service writes them down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from workbench.model.errors import SourceError
from workbench.probes.captured import Capture, Change, Parameter, Piece, Plant, Snapshot, parts_of
from workbench.probes.hiding import Hide
from workbench.probes.kinds.configuration.probing import ConfigurationProber
from workbench.probes.parameters import parameter, reading_of, refined, visible
from workbench.probes.planting import plants_in
from workbench.probes.prober import by_path
from workbench.sources.configuration.flatten import Value
from workbench.sources.configuration.secrets import looks_secret

# Where services and files keep their flags; without one of these all that stands there is flags.
_HOLDERS = (
    "flags",
    "features",
    "toggles",
    "featureFlags",
    "feature_flags",
    "feature-flags",
    "feature_toggles",
    "items",
)
_SWITCHES = ("enabled", "on", "active", "value", "state")  # the first that a flag has says whether it is on
# What a service notes about a flag, and what says nothing about how it works.
_ABOUT = frozenset(
    {
        "createdAt", "created_at", "creationDate", "updatedAt", "updated_at", "lastModified", "lastSeenAt", "modified",
        "version", "_version", "_links", "_site", "_id", "_maintainer", "maintainerId", "salt", "sel", "etag", "stale",
        "description", "impressionData", "project", "links", "favorite", "_summary", "_access", "_environmentName",
        "environmentName", "_debugEventsUntilDate",
    }
)  # fmt: skip
_MORE = ("_links/next/href", "next", "nextPageToken")  # where services say that there are more
_EMPTY = ("[]", "{}")
_ON = {"on": "true", "off": "false", "enabled": "true", "disabled": "false"}


class FlagsProber(ConfigurationProber):
    """Reads flags; one that says just on or off and one with a block around it are the same."""

    def read(self, capture: Capture, hide: Hide) -> Snapshot:
        """All flags of all files by key; ``SourceError`` where there is none."""
        found: dict[str, Parameter] = {}
        notes: list[str] = []
        empty = False
        for piece in capture.pieces:
            reading = reading_of(piece)
            _require_whole(reading.values)
            empty = empty or any(
                name in reading.values and reading.values[name].text in _EMPTY for name in _HOLDERS
            )
            if not reading.whole:
                found |= {
                    visible(path): parameter(value, hide) for path, value in _flags(reading.values).items()
                }
            notes += [note.what for note in reading.notes]
        if not found and not empty:
            raise SourceError(
                "it holds no flags", hint="a file or an answer in JSON or YAML, with the flags by their keys"
            )
        return Snapshot(found, tuple(notes))

    def compare(self, staging: Snapshot, production: Snapshot) -> tuple[Change, ...]:
        """What differs, flag by flag."""
        found = refined(by_path(staging, production))
        return tuple(msgspec.structs.replace(change, title=_title(change.path)) for change in found)

    def plants(self, capture: Capture) -> Iterable[Plant]:
        """Flags flipped and lost, and what stands in them changed."""
        return plants_in(capture, _is_flag)


def _is_flag(piece: Piece, place: tuple[str, ...]) -> bool:
    holder = _holder(reading_of(piece).values)
    return _ABOUT.isdisjoint(place) and (not holder or place[0] == holder)


def _flags(values: Mapping[str, Value]) -> dict[str, Value]:
    """The flags among the values of a file, each under its key, its switch under nothing more."""
    holder = _holder(values)
    start = f"{holder}/" if holder else ""
    inside = {path.removeprefix(start): value for path, value in values.items() if path.startswith(start)}
    inside = _of_one_environment(inside)
    kept = {
        path: value
        for path, value in inside.items()
        if _ABOUT.isdisjoint(parts_of(path)) and not (value.text in _EMPTY and (not path or path in _HOLDERS))
    }
    switches = {
        key: next((name for name in _SWITCHES if f"{key}/{name}" in kept), "")
        for key in {path.partition("/")[0] for path in kept}
    }
    found = {}
    for path, value in kept.items():
        key, _, rest = path.partition("/")
        is_switch = not rest or rest == switches[key]
        found[key if is_switch else path] = _plain(value, is_switch)
    return found


def _require_whole(values: Mapping[str, Value]) -> None:
    """``SourceError`` for the first of several pages: flags on the others would be equal without being looked at."""
    told = _MORE if _holder(values) else ()  # without a holder, all that stands there is flags
    if any(path in values and values[path].text not in ("", "null") for path in told):
        raise SourceError(
            "the answer is one page of several, and the flags on the others would not be compared",
            hint="ask for more at once (limit=100), or let a command print all pages as one list",
        )


def _of_one_environment(values: Mapping[str, Value]) -> dict[str, Value]:
    """Flags without the word of their environment, where an answer tells of one only, as LaunchDarkly's may."""
    below = {path: path.split("/", 3) for path in values}
    named = {parts[2] for parts in below.values() if parts[1:2] == ["environments"] and len(parts) > 3}
    if len(named) != 1:
        return dict(values)
    return {
        f"{parts[0]}/{parts[3]}" if parts[1:2] == ["environments"] and len(parts) > 3 else path: values[path]
        for path, parts in below.items()
    }


def _holder(values: Mapping[str, Value]) -> str:
    """Under which name a file keeps its flags; "" where they are all that it holds."""
    return next((name for name in _HOLDERS if any(path.startswith(f"{name}/") for path in values)), "")


def _plain(value: Value, is_switch: bool) -> Value:
    """A flag called ``reset-password`` is no secret; what looks like one stays hidden."""
    secret = value.secret and looks_secret(value.text)
    text = _ON.get(value.text.lower(), value.text) if is_switch else value.text
    return msgspec.structs.replace(value, text=text, secret=secret)


def _title(path: str) -> str:
    key, *rest = parts_of(path)
    return f"flag {key}: {'.'.join(rest)}" if rest else f"flag {key}"
