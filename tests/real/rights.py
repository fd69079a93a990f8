"""What roles of the database may do with a shared record: statements, and who gets an answer to each.

``docs/make_attacks.py`` writes the table in ``docs/team.md`` from it, and a test tries each statement as each role.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.real.mailbox import ELSEWHERE, GROUPED, KEEPER, READER, RECORD, SIGNER, STRANGER, WRITER, tip_of

# The columns of the table: what each sort of role is called there.
COLUMNS = {
    READER: "reader",
    WRITER: "writer",
    SIGNER: "signer",
    KEEPER: "keeper",
    ELSEWHERE: "keeper of another record, reader of this one",
    GROUPED: "in the group of keepers, member of no record",
    STRANGER: "any other login",
}
MEMBERS = frozenset((READER, WRITER, SIGNER, KEEPER, ELSEWHERE))
WRITERS = frozenset((WRITER, SIGNER, KEEPER))
KEEPERS = frozenset((KEEPER,))
NOBODY: frozenset[str] = frozenset()
_ZERO = "'\\x'"
_DIGEST = f"'\\x{'ab' * 32}'"


class Right(NamedTuple):
    """One thing that is tried, as SQL in which ``{role}`` and ``{desk}`` are those of who tries it; ``may`` gets rows."""

    words: str
    sql: str
    may: frozenset[str]


def _pack(writer: str, *, first: str = "1", follows: str = _ZERO, signs: str = "'{{}}'") -> str:
    columns = "record, desk, writer, first, last, follows, tip, signs, content"
    values = f"'{RECORD}', '{{desk}}', {writer}, {first}, {first}, {follows}, {_DIGEST}, {signs}, 'content'"
    return f"INSERT INTO workbench.pack ({columns}) VALUES ({values}) RETURNING number"


# The next entry of one's own desk: two desks of the template have sent one, the others none.
_OWN_FIRST = f"(SELECT last + 1 FROM workbench.reach WHERE record = '{RECORD}' AND writer = '{{desk}}')"
_OWN_FOLLOWS = f"(SELECT tip FROM workbench.reach WHERE record = '{RECORD}' AND writer = '{{desk}}')"
_OF = f"WHERE record = '{RECORD}'"
_WILL_TIP = f"'\\x{tip_of(f'desk-{WRITER}', 1).hex()}'"

RIGHTS = (
    Right("read the packs", f"SELECT content FROM workbench.pack {_OF}", MEMBERS),
    Right("read who is a member, and which desks there are",
          f"SELECT m.role, d.desk FROM workbench.member m JOIN workbench.desk d USING (record) {_OF}", MEMBERS),
    Right("register a desk in its own name",
          f"INSERT INTO workbench.desk (record, desk) VALUES ('{RECORD}', 'new-{{role}}') RETURNING desk", WRITERS),
    Right("register a desk in the name of another role",
          f"INSERT INTO workbench.desk (record, desk, role) VALUES ('{RECORD}', 'new', 'walt') RETURNING desk", KEEPERS),
    Right("give a desk to another role",
          f"UPDATE workbench.desk SET role = 'walt' {_OF} AND desk = 'desk-will' RETURNING desk", KEEPERS),
    Right("send entries of its own desk", _pack("'{desk}'", first=_OWN_FIRST, follows=_OWN_FOLLOWS), WRITERS),
    Right("send entries that sign for the person that it is",
          _pack("'{desk}'", first=_OWN_FIRST, follows=_OWN_FOLLOWS, signs="'{{sina}}'"), frozenset((SIGNER,))),
    Right("send entries that sign for somebody else",
          _pack("'{desk}'", first=_OWN_FIRST, follows=_OWN_FOLLOWS, signs="'{{petra}}'"), NOBODY),
    Right("carry entries of a desk that no role has registered", _pack("'desk-of-a-file'"), WRITERS),
    Right("carry entries of a desk of another role", _pack("'desk-walt'"), KEEPERS),
    Right("carry entries that somebody signed elsewhere", _pack("'desk-of-a-file'", signs="'{{petra}}'"), KEEPERS),
    Right("send from the desk of another role",
          _pack("'desk-walt'").replace("'{desk}', 'desk-walt'", "'desk-walt', 'desk-walt'"), NOBODY),
    Right("send evidence",
          f"INSERT INTO workbench.evidence (record, digest, media, size, content, desk) VALUES ('{RECORD}', "
          "encode(sha256('a'), 'hex'), 'text/plain', 1, 'a', '{desk}') RETURNING digest", WRITERS),
    Right("send a head",
          f"INSERT INTO workbench.head (record, number, desk, note) VALUES ('{RECORD}', 2, '{{desk}}', 'a note') "
          "RETURNING number", WRITERS),
    Right("let a role be a member",
          f"INSERT INTO workbench.member (record, role, may) VALUES ('{RECORD}', 'stan', 'reader') RETURNING role", KEEPERS),
    Right("remove a member",
          f"INSERT INTO workbench.removal (record, role) VALUES ('{RECORD}', 'rita') RETURNING role", KEEPERS),
    Right("delete a member by a plain statement", f"DELETE FROM workbench.member {_OF} RETURNING role", NOBODY),
    Right("purge what a pack holds",
          f"INSERT INTO workbench.purge (record, number, content) VALUES ('{RECORD}', 1, 'cleaned') RETURNING number", KEEPERS),
    Right("close the mailbox, once the record was moved",
          f"UPDATE workbench.record SET moved_to = 'elsewhere' {_OF} RETURNING record", KEEPERS),
    Right("begin another record",
          "INSERT INTO workbench.record (record, project, mailbox) VALUES ('new', 'new', 'new')",
          frozenset((KEEPER, ELSEWHERE, GROUPED))),
    Right("change a pack", f"UPDATE workbench.pack SET content = 'x' {_OF} RETURNING number", NOBODY),
    Right("delete a pack", f"DELETE FROM workbench.pack {_OF} RETURNING number", NOBODY),
    Right("empty the table of packs", "TRUNCATE workbench.pack", NOBODY),
    Right("change or delete evidence", f"DELETE FROM workbench.evidence {_OF} RETURNING digest", NOBODY),
    Right("change or delete a head", f"DELETE FROM workbench.head {_OF} RETURNING number", NOBODY),
    Right("delete a record", f"DELETE FROM workbench.record {_OF} RETURNING record", NOBODY),
    Right("switch off a trigger or a rule", "ALTER TABLE workbench.pack DISABLE TRIGGER ALL", NOBODY),
)  # fmt: skip
