"""``workbench.shown.1`` laid out: what a person had before them when they spoke about a gate.

The document came from outside, or was kept by another version: its shape is not trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo
from typing import Any

from workbench.model.times import from_text
from workbench.notes.blocks import MARKS, Entries, Entry, Paragraph, Section, Steps, Tone

_TONES = {
    **dict.fromkeys(("met", "ready", "signed", "pass"), Tone.GOOD),
    **dict.fromkeys(("not_met", "blocked", "fail", "missing", "error", "stale", "no_baseline"), Tone.BAD),
    **dict.fromkeys(("warn", "learning"), Tone.WARN),
    "overridden": Tone.EXCEPTED,
}


def shown_sections(
    document: Mapping[str, Any], *, parts: bool = False, zone: tzinfo = UTC
) -> tuple[Section, ...]:
    """What a gate asked, what it rested on, and how it stood.

    ``parts`` adds what was open, line by line; ends are told as days in ``zone``.
    """
    return (
        _section("gates", "Earlier gates", _gates(document)),
        _section("asks", "What this gate requires", _requirements(document, parts)),
        *_remarks(document),
        _section("parity", "What staging cannot tell us", _differences(document, zone)),
        *_not_covered(document),
        *_statement(document),
        *_probes(document),
        _section("overrides", "Overridden", _overrides(document, zone)),
        *_quarantines(document, zone),
        _section("benchmarks", "Measurements", _verdicts(document, zone)),
    )


def _section(key: str, title: str, entries: Iterable[Entry]) -> Section:
    found = tuple(entries)
    return Section(key, title, (Entries(found) if found else Paragraph("none", Tone.QUIET),))


def _gates(document: Mapping[str, Any]) -> Iterable[Entry]:
    for item in rows(document, "gates"):
        yield Entry(tone(item, "state"), field(item, "title"), _plain(item, "state"))


def _requirements(document: Mapping[str, Any], parts: bool) -> Iterable[Entry]:
    for item in rows(document, "requirements"):
        lines = rows(item, "parts") if parts else []
        details = _filled(*((field(line, "title"), _because(_plain(line, "state"), line)) for line in lines))
        yield Entry(tone(item, "state"), field(item, "title"), _because(_plain(item, "state"), item), details)


def _remarks(document: Mapping[str, Any]) -> Iterable[Section]:
    """What the figures are worth, in sentences; documents of before they were told have none."""
    found = document.get("remarks")
    if isinstance(found, list) and found:
        yield Section("remarks", "What the figures are worth", (Steps(tuple(map(str, found))),))


def _quarantines(document: Mapping[str, Any], zone: tzinfo) -> Iterable[Section]:
    """The flaky checks that are set aside."""
    found = rows(document, "quarantines")
    if found:
        yield _section("quarantines", "Quarantined", _exceptions(found, zone))


def _differences(document: Mapping[str, Any], zone: tzinfo) -> Iterable[Entry]:
    for item in rows(document, "differences"):
        until = _day(item, zone)
        details = _filled(
            ("Staging", field(item, "staging")),
            ("Production", field(item, "production")),
            ("Why", field(item, "reason")),
        )
        words = field(item, "decision") + (f" until {until}" if until else "")
        yield Entry(Tone.PLAIN, field(item, "title"), words, details)


def _not_covered(document: Mapping[str, Any]) -> Iterable[Section]:
    """FI-5: the flows of which something is not covered; older documents do not say it."""
    found = rows(document, "not_covered")
    if found:
        entries = (Entry(Tone.WARN, field(item, "name"), _list(item, "gaps")) for item in found)
        yield _section("not-covered", "Flows that are not covered", entries)


def _list(item: Mapping[str, Any], name: str) -> str:
    found = item.get(name)
    return "; ".join(map(str, found)) if isinstance(found, list) else ""


def _statement(document: Mapping[str, Any]) -> Iterable[Section]:
    """The parity statement; documents of before there was one have none."""
    found = document.get("statement")
    if not isinstance(found, Mapping):
        return
    entries = []
    for item in rows(found, "sentences"):
        misfits = _list(item, "misfits")
        details = _filled(("No longer fits", misfits))
        entries.append(Entry(Tone.WARN if misfits else Tone.PLAIN, field(item, "text"), "", details))
    title = "Parity statement" if found.get("kept") else "Parity statement, a draft that no one has kept"
    yield _section("statement", title, entries)


def _probes(document: Mapping[str, Any]) -> Iterable[Section]:
    """What looks for differences, and whether it is known to be able to find any."""
    found = rows(document, "probes")
    if found:
        entries = (
            Entry(
                Tone.GOOD if item.get("proven") is True else Tone.WARN,
                field(item, "title"),
                field(item, "proof"),
            )
            for item in found
        )
        yield _section("probes", "Probes", entries)


def _overrides(document: Mapping[str, Any], zone: tzinfo) -> Iterable[Entry]:
    return _exceptions(rows(document, "overrides"), zone)


def _exceptions(found: Iterable[Mapping[str, Any]], zone: tzinfo) -> Iterable[Entry]:
    for item in found:
        details = _filled(("Approved by", field(item, "approver")), ("Until", _day(item, zone)))
        yield Entry(Tone.EXCEPTED, field(item, "title"), field(item, "reason"), details)


def _verdicts(document: Mapping[str, Any], zone: tzinfo) -> Iterable[Entry]:
    for item in rows(document, "verdicts"):
        words = f"{verdict_words(item)}, {field(item, 'mode')}"
        limits = "; ".join(_touching(each, zone) for each in rows(item, "cannot_tell"))
        details = _filled(("Staging cannot tell", limits))
        yield Entry(tone(item, "verdict"), field(item, "title"), _because(words, item), details)


def _touching(item: Mapping[str, Any], zone: tzinfo) -> str:
    until = _day(item, zone)
    words = f"{field(item, 'severity')}, {field(item, 'decision')}" + (f" until {until}" if until else "")
    return f"{field(item, 'title')} ({words})"


def titled(item: Mapping[str, Any]) -> str:
    return f"{field(item, 'title')}: {field(item, 'why')}"


def _because(words: str, item: Mapping[str, Any]) -> str:
    return ": ".join(filter(None, (words, field(item, "why"))))


def state_words(item: Mapping[str, Any]) -> str:
    return f"{MARKS[tone(item, 'state')]} {_plain(item, 'state')}"


def verdict_words(item: Mapping[str, Any]) -> str:
    return _plain(item, "verdict")


def _plain(item: Mapping[str, Any], name: str) -> str:
    return field(item, name).replace("_", " ")


def tone(item: Mapping[str, Any], name: str) -> Tone:
    return _TONES.get(field(item, name), Tone.QUIET)


def _day(item: Mapping[str, Any], zone: tzinfo) -> str:
    text = field(item, "until")
    try:
        return from_text(text).astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return text[:10]


def _filled(*rows: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in rows if text)


def rows(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The list of that name: the document came from outside, so its shape is not trusted."""
    found = document.get(name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def field(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name) or "")
