"""``workbench gate``: may this release go on?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from workbench.cli import output, session
from workbench.cli.options import Settings, common, pass_settings
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options
from workbench.usecases.reporting.forms import FORMS, JSON, TEXT, gate_json, written
from workbench.usecases.reporting.showing import shown_gate

if TYPE_CHECKING:
    from workbench.usecases.reporting.checks import Checked
    from workbench.usecases.reporting.judgement import GateReport, Judgement


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of one judgement: the format to print, the reports to write, the build that it has to be of."""

    form: str = TEXT
    reports: tuple[tuple[str, Path], ...] = ()
    advisory: bool = False
    into: str | None = None
    commit: str | None = None
    attest: Path | None = None
    ssh_key: str = ""
    excerpt: Path | None = None
    bundle: Path | None = None
    note: Path | None = None


@click.command()
@click.argument("gate", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMS)),
    default=None,
    help="How to print the report.  [default: text]",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORM=FILE",
    help="Write the same report to a file as well; repeatable.",
)
@click.option(
    "--into",
    metavar="ENVIRONMENT",
    help="The gate that leads into it: the first of them that has not passed.",
)
@click.option("--advisory", is_flag=True, help="Report, but exit with 0 even when the gate is blocked.")
@click.option("--commit", metavar="SHA", help="Judge nothing but this build: another candidate is an error.")
@click.option(
    "--excerpt",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Judge from an excerpt instead of the record (CI, a second machine).",
)
@click.option("--require-sealed", is_flag=True, help="Refuse an excerpt that nobody has sealed with a key.")
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Judge from a bundle: 0 only if intact, signed by somebody you list, approved, for --commit.",
)
@click.option(
    "--attest",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write in-toto attestations of the gate, one a line.",
)
@click.option("--ssh-key", metavar="FILE", help="Sign the attestations: a key's file, or git.")
@click.option(
    "--note",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Leave a note of what was asked and said; import brings it home.",
)
@click.option(
    "--askings", "listing", is_flag=True, help="List when this gate was asked in CI, and what it said."
)
@common()
@pass_settings
def gate(
    settings: Settings,
    gate: str | None,
    into: str | None,
    form: str | None,
    reports: tuple[str, ...],
    advisory: bool,
    commit: str | None,
    excerpt: Path | None,
    require_sealed: bool,
    bundle: Path | None,
    attest: Path | None,
    ssh_key: str | None,
    note: Path | None,
    listing: bool,
) -> int:
    """Judge a gate; the exit code says whether it passed.

    Without GATE: the first that has not passed.  Nothing is fetched.
    """
    form = JSON if settings.json else form or TEXT
    settings.json = form == JSON
    if listing:
        return _askings(settings, gate)
    if into is not None and gate is not None:
        raise UsageError("either GATE, or --into ENVIRONMENT", hint="leave one of them out")
    if ssh_key and attest is None:
        raise UsageError("--ssh-key signs attestations", hint="add --attest FILE")
    wanted = Wanted(
        form=form,
        reports=_reports(reports),
        advisory=advisory,
        into=into,
        commit=commit,
        attest=attest,
        ssh_key=ssh_key or "",
        excerpt=excerpt,
        bundle=bundle,
        note=note,
    )
    if require_sealed and excerpt is None:
        raise UsageError("--require-sealed is for an excerpt", hint="add --excerpt FILE")
    if excerpt is not None and bundle is not None:
        raise UsageError("a gate is judged from an excerpt or from a bundle", hint="leave one of them out")
    if excerpt is None and bundle is None:
        with session.reading(settings) as context:
            return report(context, gate, wanted)
    context = _from_file(session.options_of(settings), wanted, sealed=require_sealed)
    try:
        return report(context, gate, wanted)
    finally:
        context.record.close()


def _from_file(options: Options, wanted: Wanted, *, sealed: bool) -> Context:
    """A context for one judgement; most gates are judged from a record, so what reads files is imported here."""
    if wanted.excerpt is not None:
        from workbench.usecases.excerpts import from_excerpt

        return from_excerpt(options, wanted.excerpt, sealed=sealed)
    assert wanted.bundle is not None
    from workbench.usecases.bundling.asking import from_bundle

    return from_bundle(options, wanted.bundle, wanted.commit)


def report(context: Context, gate: str | None, wanted: Wanted) -> int:
    """Print and write the report of one gate; the exit code that it deserves."""
    from workbench.usecases.reporting.checks import checked
    from workbench.usecases.reporting.commit_asked import require_commit
    from workbench.usecases.reporting.places import places_of
    from workbench.usecases.stepping import gate_into

    evaluation = evaluate(context)
    if wanted.into is not None:
        gate = gate_into(evaluation, wanted.into)
    found = shown_gate(context, evaluation, gate)
    require_commit(found, wanted.commit)
    chosen = found.gate(gate)
    reader = context.author().actor
    places = places_of(context.definitions, chosen.key)
    code = _approved(found, chosen) if wanted.bundle is not None else None
    said = checked(found, chosen, places, advisory=wanted.advisory, reader=reader, exit_code=code)
    for form, path in wanted.reports:
        output.write(path, written(form, said, reader))
    if wanted.attest is not None:
        _attest(context, said, wanted, wanted.attest)
    if wanted.note is not None:
        _note(context, said, wanted, wanted.note)
    _print(said, wanted.form, reader)
    if wanted.advisory:
        return 0
    if said.exit_code and not said.blocked:
        output.talk(f"not approved: {said.gate.title} is ready, and not all who have to sign it have")
    return said.exit_code


def _approved(found: Judgement, gate: GateReport) -> int:
    from workbench.usecases.bundling.asking import exit_code

    return exit_code(found, gate)


def _print(said: Checked, form: str, reader: str) -> None:
    if form == JSON:
        output.emit(gate_json(said, reader))
        return
    text = written(form, said, reader, printed=True)
    if form in (TEXT, "markdown"):
        output.say(text.rstrip("\n"))
        return
    output.text(text)
    if form == "github" and (path := os.environ.get("GITHUB_STEP_SUMMARY")):
        from workbench.usecases.reporting.job_summary import add_summary

        add_summary(said, Path(path))


def _attest(context: Context, said: Checked, wanted: Wanted, path: Path) -> None:
    from workbench.usecases.attesting.of_gate import attest, descriptor_of

    files = [path for path in (wanted.excerpt, wanted.bundle) if path is not None and path.is_file()]
    inputs = [descriptor_of(path) for path in files]
    made = attest(context, said, os.environ, inputs, wanted.ssh_key)
    output.write(path, b"".join(document.data + b"\n" for document in made))


def _note(context: Context, said: Checked, wanted: Wanted, path: Path) -> None:
    from workbench.usecases.askings import judged_from_excerpt, judged_here, note_of

    if wanted.bundle is not None:
        from workbench.usecases.bundling.asking import judged_from_bundle

        judged_from = judged_from_bundle(wanted.bundle)
    else:
        judged_from = judged_from_excerpt(wanted.excerpt) if wanted.excerpt else judged_here(context)
    output.write(path, note_of(context, said, judged_from, os.environ))


def _askings(settings: Settings, gate: str | None) -> int:
    from workbench.usecases.views.askings import asking_document, asking_row, read_page

    with session.reading(settings) as context:
        page = read_page(context, gate)
    if settings.json:
        output.emit({"schema": "workbench.askings.1", "askings": [asking_document(one) for one in page.told]})
        return 0
    output.table(
        ("", "asked", "gate", "said", "job", "doubtful"),
        [asking_row(one, page) for one in page.told],
        empty="nobody has brought home a note of an asking: workbench import FILE",
    )
    return 0


def _reports(words: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    """``FORM=FILE``, each file once; nothing is judged before they are all understood."""
    found: dict[Path, str] = {}
    for word in words:
        form, is_, name = word.partition("=")
        if form not in FORMS or not is_ or not name or name == "-":
            raise UsageError(
                f"--report {safe_text(word, 80)} names no format and file",
                hint=f"--report FORM=FILE, FORM one of {', '.join(FORMS)}",
            )
        path = Path(name)
        if path in found:
            raise UsageError(f"two reports go to {safe_text(name, 200)}", hint="give each a file of its own")
        found[path] = form
    return tuple((form, path) for path, form in found.items())
