"""Attacks on a shared record by the owner of its tables and by a superuser, who are under no rules for rows."""

from __future__ import annotations

import hashlib

import pytest
from tests.real.mailbox import KEEPER, READER, RECORD, TABLES_OWNER, WRITER, Mailbox, removing
from tests.real.postgresql import OWNER

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postgresql")]

KEPT, DENIED, NOT_FOLLOWING = "WB003", "42501", "WB002"
POWERFUL = (TABLES_OWNER, OWNER)


@pytest.mark.parametrize("role", POWERFUL)
def test_the_owner_changes_what_was_sent(role: str, mailbox: Mailbox) -> None:
    """The owner of the tables, or a superuser, changes, deletes or empties what was sent by a plain statement.

    Triggers refuse it, whoever asks; setting what a purge would set opens nothing.
    """
    _add_evidence_and_head(mailbox)
    mailbox.as_(KEEPER).execute(removing(READER).encode())
    for statement in (
        "UPDATE workbench.pack SET content = 'x'", "UPDATE workbench.pack SET purged = true, content = ''",
        "UPDATE workbench.pack SET sent_at = now()", "DELETE FROM workbench.pack", "TRUNCATE workbench.pack CASCADE",
        "UPDATE workbench.evidence SET media = 'x'", "DELETE FROM workbench.evidence", "TRUNCATE workbench.evidence",
        "UPDATE workbench.head SET note = 'x'", "DELETE FROM workbench.head", "TRUNCATE workbench.head",
        "DELETE FROM workbench.desk", "DELETE FROM workbench.record", "TRUNCATE workbench.record CASCADE",
        "UPDATE workbench.record SET mailbox = 'another'", "DELETE FROM workbench.ending", "DELETE FROM workbench.reached",
        "UPDATE workbench.removal SET role = 'kim'", "DELETE FROM workbench.removal", "TRUNCATE workbench.removal",
    ):  # fmt: skip
        mailbox.stopped(role, "SET workbench.purging = 'yes'", statement, by=KEPT)


def test_the_owner_sends_in_the_name_of_another(mailbox: Mailbox) -> None:
    """The owner of the tables appends a pack as another role, with a number, a chain and a time of its own choice.

    Triggers put in who it really is, ask whether that role is a member, and work out the rest anew.
    """
    forged = {"role": WRITER, "number": 1, "chain": bytes(32), "digest": bytes(32), "sent_at": "2001-01-01"}
    mailbox.unsent(TABLES_OWNER, "desk-will", by=DENIED, says="may not write", **forged)
    sql = "INSERT INTO workbench.member (record, role, may) VALUES (%s, %s, 'writer')"
    mailbox.as_(KEEPER).execute(sql, (RECORD, TABLES_OWNER))
    mailbox.as_(OWNER).execute(f"GRANT workbench_writer TO {TABLES_OWNER}")
    try:
        number, digest, chain, role, sent_at = mailbox.send(TABLES_OWNER, "desk-will", **forged)
    finally:
        mailbox.as_(OWNER).execute(f"REVOKE workbench_writer FROM {TABLES_OWNER}")
    assert (number, role) == (3, TABLES_OWNER)
    assert digest == hashlib.sha256(b"x").digest() and chain != bytes(32) and sent_at.year > 2001


def test_a_superuser_leaves_entries_out(mailbox: Mailbox) -> None:
    """A superuser appends entries of a desk that do not follow those that are there.

    The trigger that asks for the next number runs for everybody; a superuser is no member, either.
    """
    mailbox.unsent(OWNER, "desk-will", first=9, last=9, by=DENIED, says="may not write")
    connection = mailbox.as_(OWNER)
    connection.execute(
        "INSERT INTO workbench.member (record, role, may) VALUES (%s, %s, 'writer')", (RECORD, OWNER)
    )
    mailbox.unsent(OWNER, "desk-will", first=9, last=9, by=NOT_FOLLOWING)


def test_the_owner_takes_triggers_away(mailbox: Mailbox) -> None:
    """The owner disables the triggers, changes a pack, and enables them again.

    No database can prevent it. The digests and the chain that each desk noted no longer fit, and every desk says so.
    """
    noted = [
        row[0] for row in mailbox.as_(WRITER).execute("SELECT chain FROM workbench.pack ORDER BY number")
    ]
    mailbox.as_(TABLES_OWNER).execute(
        "ALTER TABLE workbench.pack DISABLE TRIGGER USER; UPDATE workbench.pack SET content = 'another one' WHERE number = 1;"
        "UPDATE workbench.pack SET digest = sha256(content); ALTER TABLE workbench.pack ENABLE TRIGGER USER"
    )
    chain, found = bytes(32), []
    for (content,) in mailbox.as_(WRITER).execute("SELECT content FROM workbench.pack ORDER BY number"):
        chain = hashlib.sha256(chain + hashlib.sha256(content).digest()).digest()
        found.append(chain)
    assert len(found) == len(noted) == 2
    assert all(now != before for now, before in zip(found, noted, strict=True))


def _add_evidence_and_head(mailbox: Mailbox) -> None:
    connection = mailbox.as_(WRITER)
    connection.execute(
        "INSERT INTO workbench.evidence (record, digest, media, size, content, desk) "
        "VALUES (%s, encode(sha256('a'), 'hex'), 'text/plain', 1, 'a', 'desk-will')",
        (RECORD,),
    )
    connection.execute(
        "INSERT INTO workbench.head (record, number, desk, note) VALUES (%s, 2, 'desk-will', 'a note')",
        (RECORD,),
    )
