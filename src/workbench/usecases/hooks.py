"""Telling people through a project's hooks that something has happened, and noting who was told.

A hook is called after the act that it tells of is recorded, never within it, and nothing that
becomes of it changes that act.  Outside of the app whoever acts waits for it, at most for the hooks'
own timeouts; in the app it is called beside the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from workbench.definitions.hooks import Hook, HookEvent
from workbench.hooks import model as hooks
from workbench.hooks.model import Notice, Told
from workbench.model import canonical
from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.keys import nearest
from workbench.model.text import safe_text
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.trusting import trusts

SCHEMA = "workbench.hook.1"
_TITLE = 200  # characters of a title
_NOT_TRUSTED = "not called: this project is not trusted on this machine; workbench trust"


class _News(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to tell: ``document`` is sent, ``text`` is all of it that people need to read."""

    event: HookEvent
    about: str
    title: str
    text: str
    release: str
    document: Mapping[str, Any]


def tell(context: Context, event: HookEvent, document: Mapping[str, Any]) -> list[Told]:
    """Call every hook of the project that is called on ``event``; what came of each is noted in the record.

    ``document`` is sent as JSON beside ``schema``, ``event``, ``project``, ``by`` and ``at``.  Of it ``about``
    (``noun/id``), ``title`` (one line), ``text`` (ready to read) and ``release`` (an id) go into the note, too.
    Never raises.  In the app nothing is known yet when it returns, and the list is empty.
    """
    called = [hook for hook in context.definitions.project.hooks if event in hook.on]
    if not called:
        return []
    news = _news(context, event, document)
    if context.aside is not None:
        context.aside(lambda own: _tell(own, called, news))
        return []
    return _tell(context, called, news)


def try_hook(context: Context, key: str, event: HookEvent | None = None) -> Told:
    """Call one hook with a document that says that it is only a test; nothing is noted in the record."""
    return hook_test(context, key, event)()


def hook_test(context: Context, key: str, event: HookEvent | None = None) -> Callable[[], Told]:
    """What calls one hook with such a document; it needs no record, and blocks for as long as the hook may take."""
    found = find_hook(context, key)
    event = event or found.on[0]
    title = f"A test of the hook {found.key}: nothing has happened"
    news = _news(context, event, {"title": title, "test": True})
    return lambda: _call(context, [found], news)[0]


def find_hook(context: Context, key: str) -> Hook:
    """The hook of that key."""
    known = {hook.key: hook for hook in context.definitions.project.hooks}
    if key in known:
        return known[key]
    meant = nearest(key, list(known))
    hint = (
        f"did you mean {meant}?"
        if meant
        else f"known: {', '.join(known) or 'none; see hooks: in docs/hooks.md'}"
    )
    raise UsageError(f"there is no hook “{key}” in this project", hint=hint)


def _news(context: Context, event: HookEvent, document: Mapping[str, Any]) -> _News:
    clean = _without_secrets(canonical.plain(dict(document)))
    title = safe_text(clean.get("title") or event.words, _TITLE)
    text = str(clean.get("text") or title)
    about = str(clean.get("about") or "")
    whole = {
        **clean,
        "schema": SCHEMA,
        "event": event.value,
        "project": context.definitions.project.project,
        "by": context.author().actor,
        "at": canonical.plain(context.now),
        "about": about,
        "title": title,
        "text": text,
    }
    release = str(clean.get("release") or "")
    return _News(event=event, about=about, title=title, text=text, release=release, document=whole)


def _without_secrets(value: Any) -> Any:
    """The document without what is plainly a secret, wherever somebody may have pasted one."""
    from workbench.sources.redact import without_secrets

    if isinstance(value, str):
        return without_secrets(value.encode())[0].decode()
    if isinstance(value, Mapping):
        return {name: _without_secrets(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(item) for item in value]
    return value


def _tell(context: Context, called: Sequence[Hook], news: _News) -> list[Told]:
    """Call, note what came of it, and say what did not work."""
    try:
        told = _call(context, called, news)
        _note(context, news, told)
    except (WorkbenchError, OSError) as error:
        context.remarks.append(f"people were told of “{news.title}”, but that could not be noted: {error}")
        return []
    context.remarks.extend(f"the hook {one.hook} did not work: {one.words}" for one in told if not one.worked)
    return told


def _call(context: Context, called: Sequence[Hook], news: _News) -> list[Told]:
    from workbench.hooks.calling import call_all
    from workbench.sources.secrets import Secrets

    if not trusts(context.root, context.definitions):
        return [Told(hook=hook.key, worked=False, words=_NOT_TRUSTED) for hook in called]
    secrets = Secrets(allow=True, folder=context.root)
    document = msgspec.json.encode(news.document, enc_hook=canonical.plain)
    return call_all(called, document, news.text, context.root, secrets)


def _note(context: Context, news: _News, told: Sequence[Told]) -> None:
    value = Notice(
        event=news.event,
        about=news.about,
        title=news.title,
        at=context.now,
        by=context.author().actor,
        release=news.release,
        told=tuple(told),
    )
    commit(context, [hooks.notice_change(fresh_id(context), value)])
