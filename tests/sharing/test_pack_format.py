"""A pack on the server, read by a program that knows ``docs/record-format.md`` alone."""

from __future__ import annotations

import hashlib
import json
import zlib

import psycopg
from tests import building as build
from tests.real.postgresql import OWNER
from tests.sharing.team import Team
from tests.sharing.test_bad_days import two

from workbench.usecases.sharing.syncing import sync


def test_every_pack_on_the_server_is_as_the_page_says(team: Team) -> None:
    kim, sam = two(team)
    for number in range(3):
        build.add_difference(sam, f"row {number}", impact="Bestände: 10 % der Zeilen")
        sync(sam)
    sync(kim)
    with psycopg.connect(team.server.url(team.database, user=OWNER), autocommit=True) as owner:
        rows = owner.execute(
            "SELECT number, record, desk, writer, first, last, follows, tip, signs, content, digest, chain "
            "FROM workbench.pack ORDER BY number"
        ).fetchall()
    chain, chains = bytes(32), {0: bytes(32).hex()}
    for number, record, desk, writer, first, last, follows, tip, signs, content, digest, there in rows:
        assert hashlib.sha256(content).digest() == digest
        chain = hashlib.sha256(chain + digest).digest()
        assert chain == there and number == len(chains)
        chains[number] = chain.hex()
        lines = zlib.decompress(content).split(b"\n")
        assert lines.pop() == b""
        head = json.loads(lines[0])
        assert head["schema"] == "workbench.mail.1"
        assert (head["record"], head["desk"], head["writer"]) == (record, desk, writer)
        assert (head["first"], head["last"], head["signs"]) == (first, last, signs)
        assert (head["follows"], head["tip"]) == (follows.hex(), tip.hex())
        assert chains[head["seen"]["number"]] == head["seen"]["chain"]
        entries = lines[1 : 1 + head["entries"]]
        assert len(entries) == last - first + 1 and len(lines) == 1 + head["entries"] + head["blobs"]
        before = follows.hex()
        for place, line in enumerate(entries, first):
            body = json.loads(line)
            assert (body["desk"], body["desk_seq"], body.get("desk_prev", "")) == (writer, place, before)
            before = hashlib.sha256(b"wb.entry.1\0" + line).hexdigest()
        assert before == tip.hex()
    assert len(rows) >= 5
