"""``workbench import``: results of tools, flows and differences from a table, or the answer to a request."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.answers import counts_not, signoff_document
from workbench.cli.options import WRITING, Settings, common, pass_settings
from workbench.model.canonical import decimal_text
from workbench.model.cells import word_of
from workbench.model.errors import Problem, UsageError
from workbench.model.files import open_regular
from workbench.usecases import columns, comparing, exchanging, importing, result_files, signing_elsewhere
from workbench.usecases.columns import Guess, Words
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.given_files import given_files
from workbench.usecases.plans import Plan
from workbench.usecases.table_rows import Table
from workbench.usecases.team_tables import TABLES

SHOWN = 20  # so many rows with something to say are told


@click.command("import")
@click.argument("words", nargs=-1, metavar="FILE...")
@click.option(
    "--commit", metavar="SHA", help="The commit that the files are of, where they do not say; needs --reason."
)
@click.option("--reason", metavar="WHY", help="How you know that, or why a file is invalidated.")
@click.option("--source", "sources", multiple=True, metavar="KEY", help="The source that reads them.")
@click.option("--kind", metavar="KIND", help="What the files are, where they could be two things.")
@click.option(
    "--environment",
    default="",
    metavar="KEY",
    help="The environment that they are of, where their path does not say.",
)
@click.option(
    "--name", default="", metavar="PATH", help="What the file is called, where its path says nothing."
)
@click.option("--invalidate", "back", metavar="NAME", help="A file that was imported counts no more.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Of a table: which column says what; repeatable.",
)
@click.option(
    "--map-value",
    "map_values",
    multiple=True,
    metavar="FIELD:WORD=VALUE",
    help="Of a table: what a word of a column means; repeatable, and remembered.",
)
@click.option(
    "--take",
    type=click.Choice(["file", "record"]),
    help="Of a table: the side that wins where both have changed.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@common(*WRITING)
@pass_settings
def import_(
    settings: Settings,
    words: tuple[str, ...],
    commit: str | None,
    reason: str | None,
    sources: tuple[str, ...],
    kind: str | None,
    environment: str,
    name: str,
    back: str | None,
    maps: tuple[str, ...],
    map_values: tuple[str, ...],
    take: Literal["file", "record"] | None,
    dry_run: bool,
) -> int:
    """Import results of tools, flows, differences, an answer to a request, or another desk's pack.

    `import FILE…` recognises each file by its contents (test reports, load tests, scans, traces …), hands it to the sources
    that read such files, and says what it took and what it left out.  A file that does not name the
    candidate's commit needs --commit and --reason to count for what blocks, or a list that CI wrote (`export results`).
    ZIP and gzip are unpacked.

    `import flows FILE` and `import differences FILE` read a CSV or YAML table, as often as
    you like: only what changed goes in; FILE - is standard input.  `import FILE` also enters a reply to `sign --request`, and a pack that another desk wrote with `workbench exchange`.
    So does a note that `gate --note` left in CI.
    Where the file and the record both changed, nothing goes in until --take says which side.
    Makes the release record if there is none yet.
    """
    said = result_files.Said(
        commit=commit or "", reason=reason or "", sources=sources, kind=kind or "", environment=environment
    )
    if back is not None:
        return _invalidate(settings, back, reason or "")
    if not words:
        raise UsageError(
            "which file?", hint="workbench import FILE, or import flows FILE, import differences FILE"
        )
    if words[0] in TABLES:
        if len(words) != 2:
            raise UsageError(f"which file holds the {words[0]}?", hint=f"workbench import {words[0]} FILE")
        return _table(settings, words[0], Path(words[1]), _Said(maps, map_values, take, dry_run))
    if maps or map_values or take:
        raise UsageError(
            "--map, --map-value and --take are for tables", hint="import flows FILE, import differences FILE"
        )
    paths = [Path(word) for word in words]
    if len(paths) == 1 and _is_reply(paths[0]):
        return _reply(settings, paths[0])
    if len(paths) == 1 and exchanging.is_pack(paths[0]):
        from workbench.cli.commands.exchange import import_pack

        return import_pack(settings, paths[0], dry_run=dry_run)
    notes = {path: data for path in paths if (data := _note(path)) is not None}
    if notes:
        if dry_run or name or commit or len(notes) < len(paths):
            raise UsageError(
                "notes of askings are taken as they are", hint="import them alone, without other options"
            )
        return _askings(settings, notes)
    return _results(settings, paths, said, dry_run, name)


def _note(path: Path) -> bytes | None:
    """What stands in a file that says that it is the note of an asking."""
    from workbench.usecases import askings

    try:
        with open_regular(path) as file:
            data = file.read(askings.LARGEST + 1)
    except OSError:
        return None
    return data if askings.is_note(data) else None


def _askings(settings: Settings, notes: Mapping[Path, bytes]) -> int:
    from workbench.usecases import askings
    from workbench.usecases.views.askings import asking_document, said_words

    with session.acting(settings) as context:
        found = [askings.bring(context, data, path.name) for path, data in notes.items()]
    if settings.json:
        documents = [
            {**asking_document(askings.Told(asking=one.asking, doubts=one.doubts)), "known": one.known}
            for one in found
        ]
        output.emit({"schema": "workbench.askings-brought.1", "askings": documents})
        return 0
    for path, one in zip(notes, found, strict=True):
        value = one.asking
        words = f"{path.name}: {value.gate} of {value.release}: {said_words(value)}"
        output.line(f"{words}; it was here already" if one.known else words)
        output.lines(f"  doubtful: {word}" for word in one.doubts)
    output.talk("next: workbench gate --askings")
    return 0


def _invalidate(settings: Settings, name: str, reason: str) -> int:
    with session.acting(settings) as context:
        done = result_files.invalidate(context, name, reason)
    document = {"schema": "workbench.result-file-invalidated.1", "file": name, "change": done.change_id}
    output.done(settings, f"{output.safe(name)} counts no more", document, hint="workbench gate")
    return 0


def _results(
    settings: Settings, paths: Sequence[Path], said: result_files.Said, dry_run: bool, name: str
) -> int:
    """Exit code 2 where nothing at all was taken: whoever imports results means them to count."""
    with session.acting(settings) as context:
        found = result_files.import_results(
            context, given_files(paths, context.root, name), said, keeping=not dry_run
        )
        blocks = found and any(one.taken and not one.bound for one in found)
    if settings.json:
        document = {"schema": "workbench.results-imported.1", "applied": not dry_run, "files": found}
        output.emit(document)
    else:
        for one in found:
            _tell(one)
        if not any(one.format for one in found):
            output.talk("this is no result file that a kind of source reads, and no answer to a request")
        if blocks:
            output.talk(
                "asserted: it meets nothing that blocks until its commit is known: --commit SHA --reason WHY"
            )
        if any(one.taken for one in found):
            output.talk("nothing was kept: --dry-run" if dry_run else "next: workbench gate")
    return 0 if any(one.taken for one in found) else 2


def _tell(one: result_files.Imported) -> None:
    known = {"told": "its commit is in it", "given": "its commit was given", "": "its commit is asserted"}
    words = one.words or "not taken"
    bound = f"; {known[one.bound]}" if one.taken else ""
    output.line(f"{one.file}: {words}{bound}")
    for reading in one.taken:
        value = "" if reading.value is None else f"{decimal_text(reading.value)} {reading.unit}".strip()
        place = f" in {reading.environment}" if reading.environment else ""
        compared = " (baseline)" if reading.role == "baseline" else ""
        told = reading.why if reading.role == "tests" else value
        output.line(f"  {reading.subject}{place}{compared}: {told}")
    for left in one.left_out:
        hint = f"; {left.hint}" if left.hint else ""
        output.line(
            f"  left out: {left.what}: {left.why}{hint}" if left.what != one.file else f"  {left.why}{hint}"
        )


def _is_reply(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"workbench.reply." in file.read(200_000)
    except OSError:
        return False


def _reply(settings: Settings, path: Path) -> int:
    data = output.read(path)
    with session.acting(settings) as context:
        commit = signing_elsewhere.take_in_reply(context, evaluate(context), data)
        given = signoff_document(context, commit)
        remark = counts_not(context, given)
    words = f"{given['person']} has answered for {given['gate']}: {given['decision'].replace('_', ' ')}"
    output.done(settings, words, given, hint="workbench gate")
    if remark:
        output.talk(remark)
    return 0


class _Said(msgspec.Struct, frozen=True):
    """What was said of how to take a table in."""

    maps: tuple[str, ...]
    map_values: tuple[str, ...]
    take: Literal["file", "record"] | None
    dry_run: bool


def _table(settings: Settings, what: str, file: Path, said: _Said) -> int:
    dry_run = said.dry_run
    if str(file) == "-":
        table = columns.read(file, what, "standard input", data=output.standard_input())
    else:
        table = columns.read(file, what)
    with session.making(settings) as (context, _):
        reading = _reading(context, table, what, said)
        planned = comparing.plan(context, table, what, reading.mapping, said.take, reading.words)
        if reading.remembered and not dry_run:
            columns.remember_columns(context, table, what, reading.mapping, reading.words)
        stopped = bool(planned.conflicts) or dry_run
        commit = None if stopped else importing.apply(context, planned)
    if settings.json:
        output.emit(
            {
                "schema": "workbench.import.1",
                "applied": not stopped,
                "change": commit.change_id if commit else None,
                **{name: getattr(planned, name) for name in planned.__struct_fields__ if name != "changes"},
            }
        )
    else:
        output.talk_lines(f"{file.name}: {note}" for note in table.notes)
        _print(planned, applied=not stopped, dry_run=dry_run)
    unclear = planned.problems or planned.remarks
    return 2 if unclear or (planned.conflicts and not dry_run) else 0


def _print(planned: Plan, *, applied: bool, dry_run: bool) -> None:
    output.talk_lines(_some(planned.problems, "left out", "; this row is left out"))
    output.talk_lines(_some(planned.remarks, "to look at"))
    output.talk_lines(_some(planned.notes, "to know"))
    if dry_run:
        output.lines(f"new      {step.title}" for step in planned.new)
        for step in planned.changed:
            output.lines(f"changed  {step.title}: {title}: {was} → {now}" for title, was, now in step.fields)
    for conflict in planned.conflicts:
        output.line(f"conflict  {conflict.title} ({planned.file}:{conflict.line})")
        for title, told, in_file, in_record in conflict.fields:
            before = f", last imported as “{told}”" if told is not None else ""
            output.line(f"  {title}: the file says “{in_file}”, the record “{in_record}”{before}")
    verb = "" if applied else " (nothing was changed)"
    equal = f", {planned.no_difference} the same on both sides" if planned.no_difference else ""
    output.line(
        f"{planned.file}: {len(planned.new)} new, {len(planned.changed)} changed, {planned.same} the same, "
        f"{len(planned.conflicts)} in conflict, {len(planned.problems)} left out{equal}{verb}"
    )
    if planned.conflicts:
        output.talk("next: the same with --take file or --take record")
    elif applied:
        output.talk("next: workbench gate")


def _some(problems: Sequence[Problem], what: str, after: str = "") -> Iterator[str]:
    """The first of them, and how many more there are."""
    for problem in problems[:SHOWN]:
        yield f"{_told(problem)}{after}"
    if len(problems) > SHOWN:
        yield f"… and {len(problems) - SHOWN} more {what}; --json shows all"


def _told(problem: Problem) -> str:
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{problem.file}:{problem.line}: {problem.what}{hint}"


def _reading(context: Context, table: Table, kind: str, said: _Said) -> Guess:
    """Which column is which, and what words mean: guessed, said, or asked once where there is a terminal.

    ``remembered`` says whether somebody said anything of it.
    """
    guess = columns.columns_of(context, table, kind)
    mapping: Mapping[str, str] = columns.mapping_from(said.maps, table, kind, guess.mapping)
    words = columns.words_from(said.map_values, kind, mapping, guess.words)
    told = bool(said.maps or said.map_values)
    ask = sys.stdin.isatty() and not told and not guess.remembered
    if ask:
        mapping = _ask_columns(table, kind, guess)
    elif not said.maps:
        _say_columns(mapping, guess)
    asked = _ask_numbers(table, kind, mapping, words) if sys.stdin.isatty() else {}
    words = {name: {**words.get(name, {}), **asked.get(name, {})} for name in {**words, **asked}}
    if asked or not (ask and mapping == guess.mapping):
        _say_words(table, kind, mapping, words)
    return Guess(mapping=mapping, words=words, remembered=told or ask or bool(asked) or guess.remembered)


def _say_columns(mapping: Mapping[str, str], guess: Guess) -> None:
    output.talk("columns: " + ", ".join(f"{field} = “{column}”" for field, column in mapping.items()))
    if guess.unclear:
        output.talk("left out: " + ", ".join(f"“{column}”" for column in guess.unclear))


def _say_words(table: Table, kind: str, mapping: Mapping[str, str], words: Words) -> None:
    output.talk_lines(
        f"{title.lower()}: {said}" for title, said in columns.meanings(table, kind, mapping, words)
    )


def _ask_numbers(
    table: Table, kind: str, mapping: Mapping[str, str], words: Words
) -> dict[str, dict[str, str]]:
    """What numbers in columns of words mean, asked one by one."""
    found: dict[str, dict[str, str]] = {}
    for item in columns.unclear_numbers(table, kind, mapping, words):
        for cell in item.cells:
            found.setdefault(item.field, {})[word_of(cell)] = click.prompt(
                f"{output.safe(item.column)} {output.safe(cell)} means which {item.title.lower()}?",
                type=click.Choice(item.choices),
                err=True,
            )
    return found


def _ask_columns(table: Table, kind: str, guess: Guess) -> Mapping[str, str]:
    """Show the guess; where it is wrong or lacks what is needed, ask for every column."""
    fields = columns.fields_of(kind)
    _say_columns(guess.mapping, guess)
    _say_words(table, kind, guess.mapping, guess.words)
    if not guess.missing and click.confirm("Is that right?", default=True, err=True):
        return guess.mapping
    output.talk("A word that means something else is explained with --map-value FIELD:WORD=VALUE.")
    output.talk(
        "What does each column say?  One of: "
        + ", ".join(name for name, _ in fields)
        + "; empty leaves it out"
    )
    by_column: dict[str, str] = {column: field for field, column in guess.mapping.items()}
    names = {name for name, _ in fields}
    found: dict[str, str] = {}
    for column in table.columns:
        answer: Any = None
        while answer is None:
            said = click.prompt(
                output.safe(column), default=by_column.get(column, ""), show_default=True, err=True
            ).strip()
            answer = said if said in names or not said else None
        if answer:
            found[answer] = column
    return found
