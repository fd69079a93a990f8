"""Evidence at the server: large pieces stay there until somebody looks, and are never taken for anything else."""

from __future__ import annotations

import hashlib
import random
from array import array
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.sharing.team import Team

from workbench.mailbox import evidence as mailbox
from workbench.model import floats
from workbench.parity import model as parity
from workbench.record import Record
from workbench.record.large import LARGE
from workbench.usecases import answering, mapping, nouns
from workbench.usecases.bundling.collecting import collect
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.scripting import records
from workbench.usecases.sharing import evidence
from workbench.usecases.sharing.syncing import sync


def data_of(size: int, seed: int = 1) -> bytes:
    """Bytes that cannot be compressed, always the same."""
    return random.Random(seed).randbytes(size)


def attach(context: Context, folder: Path, data: bytes, name: str = "trace.har") -> str:
    """Attaches a file to a difference; returns the digest of its bytes."""
    path = folder / name
    path.write_bytes(data)
    stored, _ = parity.find(context.record, "cache size")
    piece = answering.evidence_for(context, mapping.subject_of(stored), file=path)
    mapping.attach(context, stored, piece)
    return hashlib.sha256(data).hexdigest()


def off_line(team: Team) -> None:
    """Nobody gets a connection any more, for whatever reason that passes."""
    for person in ("kim", "sam", "jo"):
        team.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{team.role(person)}') THEN "
            f"ALTER ROLE {team.role(person)} CONNECTION LIMIT 0; END IF; END $$"
        )


@pytest.fixture
def kim(team: Team) -> Context:
    context = team.first_desk()
    build.add_difference(context, "cache size", staging="1", production="2", flows=("checkout",))
    sync(context)
    return context


def test_a_large_attachment_stays_at_the_server_until_somebody_looks_at_it(
    team: Team, kim: Context, tmp_path: Path
) -> None:
    small, large = data_of(LARGE), data_of(LARGE + 1, seed=2)
    along, stays = attach(kim, tmp_path, small, "small.bin"), attach(kim, tmp_path, large)
    sync(kim)
    sam = team.join("sam")
    assert sam.record.absent() == {stays}
    kept = sam.record.blob(along)
    assert kept is not None and kept.data == small
    told: list[tuple[str, int, int, str]] = []
    looked = evidence.look(sam, stays, lambda *said: told.append(said))
    assert looked.blob is not None and looked.blob.data == large
    assert told[-1] == (stays, len(large), len(large), "")
    assert not sam.record.absent()  # it is kept from now on
    assert sam.record.verify().problem is None


def test_it_is_fetched_once_and_stays_here_without_the_server(
    team: Team, kim: Context, tmp_path: Path
) -> None:
    digest = attach(kim, tmp_path, data_of(LARGE + 1))
    sync(kim)
    sam = team.join("sam")
    assert evidence.bring(sam, [digest]).came == (digest,)
    off_line(team)
    assert evidence.look(sam, digest).blob is not None
    assert evidence.bring(sam, [digest]) == evidence.Brought()


def test_off_line_the_words_say_that_it_stays_at_the_server(team: Team, kim: Context, tmp_path: Path) -> None:
    digest = attach(kim, tmp_path, data_of(LARGE + 1))
    sync(kim)
    sam = team.join("sam")
    off_line(team)
    looked = evidence.look(sam, digest)
    assert looked.blob is None
    assert looked.why.startswith("it stays at the server; this desk is off-line: ")
    (absent,) = evidence.list_absent(sam)
    assert absent.digest == digest and absent.why == looked.why


def test_a_role_that_is_not_let_in_is_told_so(team: Team, kim: Context, tmp_path: Path) -> None:
    digest = attach(kim, tmp_path, data_of(LARGE + 1))
    sync(kim)
    sam = team.join("sam")
    team.execute("ALTER ROLE " + team.role("sam") + " NOLOGIN")
    assert evidence.look(sam, digest).why.startswith(
        "it stays at the server: the server does not let this role in"
    )


def test_what_its_desk_has_not_sent_is_told(team: Team, kim: Context, tmp_path: Path) -> None:
    digest = attach(kim, tmp_path, data_of(LARGE + 1))
    sync(kim)
    sam = team.join("sam")
    team.execute("ALTER TABLE workbench.evidence DISABLE TRIGGER ALL; DELETE FROM workbench.evidence")
    assert evidence.look(sam, digest).why == evidence.NOT_SENT
    assert evidence.bring(sam, [digest]).missing == {digest: evidence.NOT_SENT}


@pytest.mark.parametrize(
    ("change", "why"),
    (
        (
            "content = set_byte(content, 0, 255 - get_byte(content, 0))",
            "it is something else than its digest says",
        ),
        ("content = substring(content FROM 1 FOR 1000)", "it has not the 262,145 bytes that it says"),
        ("size = 1000", "it is something else than its digest says"),
        ("size = 99999999999", "it says that it has 99,999,999,999 bytes"),
    ),
)
def test_what_is_not_what_its_digest_names_is_refused(
    team: Team, kim: Context, tmp_path: Path, change: str, why: str
) -> None:
    digest = attach(kim, tmp_path, data_of(LARGE + 1))
    sync(kim)
    sam = team.join("sam")
    team.execute(
        "ALTER TABLE workbench.evidence DISABLE TRIGGER ALL; "
        "ALTER TABLE workbench.evidence DROP CONSTRAINT IF EXISTS evidence_is_what_it_says; "
        f"UPDATE workbench.evidence SET {change}"
    )
    looked = evidence.look(sam, digest)
    assert looked.blob is None and why in looked.why
    assert sam.record.absent() == {digest}


def test_fetching_can_be_stopped_and_goes_on_later(team: Team, kim: Context, tmp_path: Path) -> None:
    digests = sorted(attach(kim, tmp_path, data_of(LARGE + 1, seed=seed)) for seed in (1, 2, 3))
    sync(kim)
    sam = team.join("sam")
    came: list[str] = []
    found = evidence.bring(sam, digests, lambda digest, *_: came.append(digest), lambda: bool(came))
    assert found.came == (digests[0],)
    assert found.missing == dict.fromkeys(digests[1:], evidence.STOPPED)
    assert evidence.bring(sam, digests).came == tuple(digests[1:])


def test_a_large_piece_that_is_judged_from_is_fetched_with_its_entry(team: Team, kim: Context) -> None:
    sam = team.join("sam")
    chosen = random.Random(1)
    numbers = floats.to_bytes(array("d", (chosen.random() for _ in range(evidence.ALONG // 8 + 1))))
    build.measured(kim, "checkout-p95", value="0.46", data=numbers)
    sync(kim)
    (digest,) = [
        row[0] for row in kim.record.query("SELECT digest FROM blobs WHERE size = ?", (len(numbers),))
    ]
    with team.connect("kim") as server:
        assert mailbox.held(server, kim.record.info.record_id, [digest])
    sync(sam)
    blob = sam.record.blob(digest)
    assert blob is not None and blob.data == numbers


def test_a_desk_may_send_evidence_in_its_own_name_alone(team: Team, kim: Context, tmp_path: Path) -> None:
    digest = attach(kim, tmp_path, data_of(LARGE + 1))
    sam = team.join("sam")
    (blob,) = kim.record.evidence_of([digest])
    with team.connect("sam") as server, pytest.raises(Exception, match="belongs to another role"):
        mailbox.put(server, sam.record.info.record_id, kim.record.info.desk, [blob])


def test_sending_again_sends_nothing_twice(team: Team, kim: Context, tmp_path: Path) -> None:
    digest = attach(kim, tmp_path, data_of(LARGE + 1))
    sync(kim)
    (blob,) = kim.record.evidence_of([digest])
    with team.connect("kim") as server:
        assert mailbox.put(server, kim.record.info.record_id, kim.record.info.desk, [blob]) == 0


def test_a_name_of_evidence_is_found_by_its_beginning(kim: Context, tmp_path: Path) -> None:
    digest = attach(kim, tmp_path, data_of(10))
    assert evidence.find(kim, digest[:8].upper()) == digest
    with pytest.raises(Exception, match="is not a digest"):
        evidence.find(kim, "xyz")
    with pytest.raises(Exception, match="is the digest of no evidence here"):
        evidence.find(kim, "000000")


def test_a_bundle_fetches_what_it_needs_also_where_the_record_is_only_read(
    team: Team, kim: Context, tmp_path: Path
) -> None:
    data = data_of(LARGE + 1)
    view = answering.find_item(evaluate(kim), "notes")
    subject = answering.subject_of(evaluate(kim), view)
    path = tmp_path / "trace.har"
    path.write_bytes(data)
    answering.attach(kim, evaluate(kim), view, answering.evidence_for(kim, subject, file=path))
    sync(kim)
    sam = team.join("sam")
    digest = hashlib.sha256(data).hexdigest()
    assert digest in sam.record.absent()
    with Record.open(sam.record.path, nouns.NOUNS, readonly=True) as record:
        made = collect(msgspec.structs.replace(sam, record=record))
    assert any(item.line.sha256 == digest for item in made.items) and not made.index.absent
    assert not sam.record.absent()


def test_a_bundle_says_what_it_could_not_fetch(team: Team, kim: Context, tmp_path: Path) -> None:
    build.answer(kim, "notes", note="seen\n" + data_of(LARGE).hex())
    sync(kim)
    sam = team.join("sam")
    (digest,) = sam.record.absent()
    off_line(team)
    made = collect(sam)
    assert [one.digest for one in made.index.absent] == [digest]
    assert made.index.absent[0].why.startswith("it stays at the server; this desk is off-line: ")


def test_the_files_of_a_script_are_fetched_or_told(team: Team, kim: Context, tmp_path: Path) -> None:
    data = data_of(LARGE + 1)
    attach(kim, tmp_path, data)
    sync(kim)
    sam, jo = team.join("sam"), team.join("jo")
    written = records.script_of(sam, records.since(sam, entry=1))
    assert data in records.files_of(sam, written).values()
    off_line(team)
    written = records.script_of(jo, records.since(jo, entry=1))
    assert data not in records.files_of(jo, written).values()
    assert any("is not beside the script: it stays at the server" in one for one in jo.remarks)
