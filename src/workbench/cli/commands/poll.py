"""``workbench poll``: a go/no-go poll of a gate, from one terminal, with its minutes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workbench.cli import output, session
from workbench.cli.commands import poll_plain
from workbench.cli.options import WRITING, Settings, common, only_one, pass_settings, ssh_key
from workbench.model.errors import UsageError
from workbench.signoff.polls import Vote
from workbench.usecases import polling
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.output_files import form_by_ending
from workbench.usecases.polling import Ballot
from workbench.usecases.views.poll_minutes import ENDINGS, FORMATS, document, minutes
from workbench.usecases.views.polls import NO_SIGNATURE, SAYS, PollPage, counted, read_poll, told


@click.command()
@click.argument("gate", required=False)
@click.option("--begin", is_flag=True, help="Begin a poll; what is open then is kept with it.")
@click.option("--another", is_flag=True, help="Begin one although a poll of this gate is running.")
@click.option("--for", "person", metavar="PERSON", help="Whose vote is entered.")
@click.option(
    "--role", default="", metavar="ROLE", help="For which role, if they have several that are asked."
)
@click.option("--go", is_flag=True, help="They say go.")
@click.option("--no-go", metavar="TEXT", help="They say no-go: their concern, in their words.")
@click.option("--send-back", metavar="TEXT", help="They send it back: this is needed first.")
@click.option("--absent", is_flag=True, help="They are not there.")
@click.option("--present", is_flag=True, help="They have come.")
@click.option("--comment", default="", metavar="TEXT", help="What they add to a go.")
@click.option("--end", "ends", is_flag=True, help="End the poll; what the votes came to is kept.")
@click.option("--note", default="", metavar="TEXT", help="What is added at the end.")
@click.option("--poll", "ref", metavar="ID", help="Which poll; the one that is running unless said.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Print the minutes in this format.")
@click.option(
    "--output", "to", type=click.Path(path_type=Path), metavar="FILE", help="Write the minutes to a file."
)
@ssh_key
@click.option(
    "--plain", "plainly", is_flag=True, help="Ask line by line, with numbered answers; nothing is repainted."
)
@common(*WRITING)
@pass_settings
def poll(
    settings: Settings,
    gate: str | None,
    begin: bool,
    another: bool,
    person: str | None,
    role: str,
    go: bool,
    no_go: str | None,
    send_back: str | None,
    absent: bool,
    present: bool,
    comment: str,
    ends: bool,
    note: str,
    ref: str | None,
    form: str | None,
    to: Path | None,
    plainly: bool,
    ssh_key: str | None,
) -> int | None:
    """Run a go/no-go poll: role by role, with minutes.

    On a terminal, or with --plain, it asks role by role, and goes on with a poll that is running.  Without a terminal it
    shows the latest poll.  A vote is no signature.
    """
    what = only_one(
        {
            "go": go,
            "no_go": no_go is not None,
            "send_back": send_back is not None,
            "absent": absent,
            "present": present,
        }
    )
    words = no_go if no_go is not None else send_back if send_back is not None else comment
    _require_fitting(what, person, ends=ends, note=note, comment=comment)
    if plainly or (sys.stdin.isatty() and not any((begin, another, person, ends, form, to, settings.json))):
        if any((begin, another, person, ends, form, to)):
            raise UsageError("--plain asks for all of it", hint="poll [GATE] --plain")
        return poll_plain.poll_plainly(settings, gate, ref, ssh_key)
    if what is not None and person is not None:
        ballot = Ballot(person=person, vote=Vote(what), role=role, words=words)
        _enter(settings, gate, ref, ballot, ssh_key)
    elif begin or another:
        _begin(settings, gate, another=another)
    elif ends:
        _end(settings, gate, ref, note, ssh_key)
    else:
        _show(settings, gate, ref, form, to)
    return None


def _require_fitting(what: str | None, person: str | None, *, ends: bool, note: str, comment: str) -> None:
    if (what is None) != (person is None):
        hint = "--for PERSON with --go, --no-go TEXT, --send-back TEXT, --absent or --present"
        raise UsageError("say whose vote it is, and what it is", hint=hint)
    if note and not ends:
        raise UsageError("--note belongs to --end")
    if comment and what != "go":
        raise UsageError("--comment belongs to --go", hint="the words of a no-go: --no-go TEXT")


def _begin(settings: Settings, gate: str | None, *, another: bool) -> None:
    with session.acting(settings) as context:
        ident = polling.begin(context, gate, another=another)
        page = read_poll(context, ref=ident)
    _done(settings, page, f"begun: {page.title} ({ident[-12:]}); {NO_SIGNATURE}")


def _enter(
    settings: Settings, gate: str | None, ref: str | None, ballot: Ballot, ssh_key: str | None
) -> None:
    with session.acting(settings, ssh_key) as context:
        page = _running(context, gate, ref)
        polling.enter(context, page.stored.id, ballot)
        page = read_poll(context, ref=page.stored.id)
    _done(settings, page, f"entered: {ballot.person}: {SAYS[ballot.vote]}; {counted(page)}")


def _end(settings: Settings, gate: str | None, ref: str | None, note: str, ssh_key: str | None) -> None:
    with session.acting(settings, ssh_key) as context:
        page = _running(context, gate, ref)
        polling.end(context, page.stored.id, note)
        page = read_poll(context, ref=page.stored.id)
    _done(settings, page, poll_plain.ended_words(page))


def _running(context: Context, gate: str | None, ref: str | None) -> PollPage:
    page = read_poll(context, gate, ref)
    if ref is None and page.others:
        raise UsageError(
            "several polls of this gate are running: say which", hint=f"--poll {page.stored.id[-12:]}"
        )
    return page


def _show(settings: Settings, gate: str | None, ref: str | None, form: str | None, to: Path | None) -> None:
    with session.reading(settings) as context:
        page = read_poll(context, gate, ref, evaluation=evaluate(context))
        if settings.json:
            output.emit(document(page))
        elif form is None and to is None:
            output.lines(told(page))
            output.talk(f"next: {poll_plain.next_words(page)}")
        else:
            chosen = form or (form_by_ending(to, ENDINGS, "md") if to is not None else "txt")
            text = minutes(context, page, chosen)
            if to is None:
                output.text(text)
            else:
                output.write(to, text)
                output.talk(f"wrote {output.safe(str(to))}")


def _done(settings: Settings, page: PollPage, words: str) -> None:
    for text in page.others:
        output.talk(f"workbench: {text}")
    output.done(settings, words, document(page), hint=poll_plain.next_words(page))
