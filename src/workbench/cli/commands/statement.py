"""``workbench parity statement``: the parity statement of a release, drafted, kept and edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from workbench.cli import output, session
from workbench.cli.options import Settings, common, only_one, pass_settings
from workbench.model.errors import UsageError
from workbench.model.text import number_of
from workbench.model.times import to_text
from workbench.parity.claims import Topic
from workbench.record import Commit
from workbench.usecases import parity_statement
from workbench.usecases.context import Context
from workbench.usecases.parity_statement import Sentence, Statement
from workbench.usecases.views.statement import figures_document, headline, misfit_lines

_TOPICS = {topic.slug: topic for topic in Topic}
_Act = Callable[[Context], Commit]


@click.command("statement")
@click.argument("sentences", nargs=-1, metavar="[SENTENCE]...")
@click.option(
    "--keep", is_flag=True, help="Keep the draft with the release; of a SENTENCE: it is still right."
)
@click.option("--edit", "text", metavar="TEXT", help="Put the SENTENCE in these words.")
@click.option("--remove", is_flag=True, help="Take the SENTENCE out of the statement.")
@click.option(
    "--redraft", is_flag=True, help="Draft again what no longer fits and no one has edited, or the SENTENCE."
)
@click.option("--add", "added", metavar="TEXT", help="Add a sentence of your own; needs --topic.")
@click.option("--topic", type=click.Choice(list(_TOPICS)), help="What the added sentence is about.")
@click.option(
    "--on", multiple=True, metavar="REF", help="A difference, probe or benchmark that the added one rests on."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["txt", "md", "html"]),
    help="Write the page “How representative is staging”: the statement, probes, differences, what is unproven.",
)
@click.option(
    "--output",
    "to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where that page goes.  [default: standard output]",
)
@common("project", "record", "as_person", "now", "release", "json")
@pass_settings
def statement(
    settings: Settings,
    /,
    sentences: tuple[str, ...],
    keep: bool,
    text: str | None,
    remove: bool,
    redraft: bool,
    added: str | None,
    topic: str | None,
    on: tuple[str, ...],
    form: str | None,
    to: Path | None,
) -> None:
    """Show the parity statement of the release, or change it.

    It is drafted from the map, the probes and the measurements; each sentence is a claim with the rows
    and figures it rests on.  A sentence one of whose figures has changed since it was kept is marked.
    """
    act = _act(sentences, keep, text, remove, redraft, added, topic, on)
    if form is not None or to is not None:
        if act is not None or settings.json:
            raise UsageError("--format writes a page and changes nothing", hint="--format html --output FILE")
        _write_page(settings, form or "html", to or Path("-"))
        return
    if act is None:
        with session.reading(settings) as context:
            found = parity_statement.read_here(context)
        _show(settings, found)
        return
    with session.acting(settings) as context:
        commit = act(context)
        document = session.as_it_stands(context, lambda: _document(parity_statement.read_here(context)))
    count = number_of(len(document.get("sentences", ())), "sentence")
    wrong = document.get("misfitting", 0)
    words = f"the parity statement has {count}{f', {wrong} of which no longer fit' if wrong else ''}"
    output.done(
        settings,
        words,
        {**document, "schema": "workbench.stated.1", "change": commit.change_id},
        hint="workbench notes",
    )


def _write_page(settings: Settings, form: str, to: Path) -> None:
    from workbench.usecases.views.representative import written  # charts and pages: only who asks for one

    with session.reading(settings) as context:
        page = written(context, form)
    output.write(to, page)
    if str(to) != "-":
        output.talk(f"wrote {to}")


def _act(
    sentences: tuple[str, ...],
    keep: bool,
    text: str | None,
    remove: bool,
    redraft: bool,
    added: str | None,
    topic: str | None,
    on: tuple[str, ...],
) -> _Act | None:
    given = {"keep": keep, "edit": text is not None, "remove": remove, "redraft": redraft}
    chosen = only_one({**given, "add": added is not None})
    if chosen != "add" and (topic or on):
        raise UsageError("--topic and --on belong to --add TEXT")
    if chosen in ("edit", "remove") and len(sentences) != 1:
        raise UsageError(
            f"--{chosen} is about one sentence", hint="workbench parity statement shows their keys"
        )
    match chosen:
        case "keep":
            return lambda context: parity_statement.keep(context, sentences)
        case "redraft":
            return lambda context: parity_statement.redraft(context, sentences)
        case "edit":
            return lambda context: parity_statement.edit(context, sentences[0], text or "")
        case "remove":
            return lambda context: parity_statement.leave_out(context, sentences[0])
        case "add":
            return _adding(sentences, added or "", topic, on)
    if sentences:
        raise UsageError("what about that sentence?", hint="one of --keep, --edit TEXT, --remove, --redraft")
    return None


def _adding(sentences: tuple[str, ...], text: str, topic: str | None, on: tuple[str, ...]) -> _Act:
    if sentences:
        raise UsageError("--add names its own key", hint="leave the sentence away")
    if topic is None:
        raise UsageError("which topic is the sentence about?", hint=f"--topic {', '.join(_TOPICS)}")
    return lambda context: parity_statement.add(context, _TOPICS[topic], text, on)


def _show(settings: Settings, found: Statement) -> None:
    if settings.json:
        output.emit(_document(found))
        return
    output.line(f"Parity statement of {found.version}: {headline(found)}")
    width = max((len(item.claim.short) for item in found.sentences), default=0)
    for topic in Topic:
        if sentences := found.of(topic):
            output.line("")
            output.line(topic.words)
            output.lines(line for item in sentences for line in _lines(item, width))
    if found.fresh:
        output.line("")
        output.line("Not in it yet; --redraft adds them:")
        output.lines(f"  {claim.short:<{width}}  {claim.text}" for claim in found.fresh)


def _lines(item: Sentence, width: int) -> Iterator[str]:
    mark = "▲" if item.misfits else "✎" if item.claim.edited else " "
    yield f"{mark} {item.claim.short:<{width}}  {item.claim.text}"
    for line in misfit_lines(item):
        yield f"  {'':<{width}}  {line}"


def _document(found: Statement) -> dict[str, Any]:
    return {
        "schema": "workbench.parity-statement.1",
        "release": found.version,
        "kept": found.kept,
        "by": found.by or None,
        "at": to_text(found.at) if found.at else None,
        "misfitting": len(found.misfitting),
        "sentences": [_sentence(item) for item in found.sentences],
        "fresh": [
            {"key": claim.key, "topic": claim.topic.value, "text": claim.text} for claim in found.fresh
        ],
    }


def _sentence(item: Sentence) -> dict[str, Any]:
    claim = item.claim
    return {
        "key": claim.key,
        "topic": claim.topic.value,
        "text": claim.text,
        "drafted": claim.drafted,
        "edited": claim.edited,
        "fits": item.fits,
        "rows": list(dict.fromkeys(figure.row for figure in claim.figures)),
        "figures": figures_document(item),
    }
